/** Field groups that several structs share under the same ids. */
import { optional } from "../struct.ts";
import { double, i32, string } from "../types.ts";

/** 521 … 526. */
export const memoryAndCpu = {
  requested_memonheap: optional(521, double),
  requested_memoffheap: optional(522, double),
  requested_cpu: optional(523, double),
  assigned_memonheap: optional(524, double),
  assigned_memoffheap: optional(525, double),
  assigned_cpu: optional(526, double),
};

/** 513 … 515. */
export const scheduling = {
  sched_status: optional(513, string),
  owner: optional(514, string),
  replication_count: optional(515, i32),
};
