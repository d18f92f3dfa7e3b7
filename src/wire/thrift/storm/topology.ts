/** A topology as it is submitted: components, what they are made from, and how they are joined. */
import { list, map, pairs, set } from "../containers.ts";
import { optional, required, struct } from "../struct.ts";
import { binary, bool, double, exactI64, i32, string, type TypeOf } from "../types.ts";
import { union } from "../union.ts";

export const JavaObjectArg = union("JavaObjectArg", {
  int_arg: optional(1, i32),
  long_arg: optional(2, exactI64),
  string_arg: optional(3, string),
  bool_arg: optional(4, bool),
  binary_arg: optional(5, binary),
  double_arg: optional(6, double),
});
export type JavaObjectArg = TypeOf<typeof JavaObjectArg>;

export const JavaObject = struct("JavaObject", {
  full_class_name: required(1, string),
  args_list: required(2, list(JavaObjectArg)),
});
export type JavaObject = TypeOf<typeof JavaObject>;

/** Where a union says no more than which member it is. */
export const NullStruct = struct("NullStruct", {});

export const GlobalStreamId = struct("GlobalStreamId", {
  componentId: required(1, string),
  streamId: required(2, string),
});
export type GlobalStreamId = TypeOf<typeof GlobalStreamId>;

/** No fields at all means global grouping. */
export const Grouping = union("Grouping", {
  fields: optional(1, list(string)),
  shuffle: optional(2, NullStruct),
  all: optional(3, NullStruct),
  none: optional(4, NullStruct),
  direct: optional(5, NullStruct),
  custom_object: optional(6, JavaObject),
  custom_serialized: optional(7, binary),
  local_or_shuffle: optional(8, NullStruct),
});
export type Grouping = TypeOf<typeof Grouping>;

export const StreamInfo = struct("StreamInfo", {
  output_fields: required(1, list(string)),
  direct: required(2, bool),
});
export type StreamInfo = TypeOf<typeof StreamInfo>;

export const ShellComponent = struct("ShellComponent", {
  execution_command: optional(1, string),
  script: optional(2, string),
});
export type ShellComponent = TypeOf<typeof ShellComponent>;

export const ComponentObject = union("ComponentObject", {
  serialized_java: optional(1, binary),
  shell: optional(2, ShellComponent),
  java_object: optional(3, JavaObject),
});
export type ComponentObject = TypeOf<typeof ComponentObject>;

export const ComponentCommon = struct("ComponentCommon", {
  inputs: required(1, pairs(GlobalStreamId, Grouping)),
  streams: required(2, map(string, StreamInfo)),
  parallelism_hint: optional(3, i32),
  json_conf: optional(4, string),
});
export type ComponentCommon = TypeOf<typeof ComponentCommon>;

export const SpoutSpec = struct("SpoutSpec", {
  spout_object: required(1, ComponentObject),
  common: required(2, ComponentCommon),
});
export type SpoutSpec = TypeOf<typeof SpoutSpec>;

export const Bolt = struct("Bolt", {
  bolt_object: required(1, ComponentObject),
  common: required(2, ComponentCommon),
});
export type Bolt = TypeOf<typeof Bolt>;

export const StateSpoutSpec = struct("StateSpoutSpec", {
  state_spout_object: required(1, ComponentObject),
  common: required(2, ComponentCommon),
});
export type StateSpoutSpec = TypeOf<typeof StateSpoutSpec>;

export const SharedMemory = struct("SharedMemory", {
  name: required(1, string),
  on_heap: optional(2, double),
  off_heap_worker: optional(3, double),
  off_heap_node: optional(4, double),
});
export type SharedMemory = TypeOf<typeof SharedMemory>;

/** `state_spouts` is always there and always empty. */
export const StormTopology = struct("StormTopology", {
  spouts: required(1, map(string, SpoutSpec)),
  bolts: required(2, map(string, Bolt)),
  state_spouts: required(3, map(string, StateSpoutSpec)),
  worker_hooks: optional(4, list(binary)),
  dependency_jars: optional(5, list(string)),
  dependency_artifacts: optional(6, list(string)),
  storm_version: optional(7, string),
  jdk_version: optional(8, string),
  component_to_shared_memory: optional(9, map(string, set(string))),
  shared_memory: optional(10, map(string, SharedMemory)),
});
export type StormTopology = TypeOf<typeof StormTopology>;
