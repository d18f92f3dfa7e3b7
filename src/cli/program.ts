/** Reads the command line by the table of commands. The one place that knows commander. */
import { Argument, Command, CommanderError, Option } from "commander";
import { exitCodes, StormLabError } from "../base/index.ts";
import { type Language, languageOf } from "../language/index.ts";
import type {
  CommandInput,
  CommandSpec,
  ExampleSpec,
  GlobalOptions,
  OptionSpec,
  OutputFormat,
  Terminal,
} from "./command.ts";
import { globalOptionSpecs } from "./global-options.ts";

export interface Invocation {
  readonly spec: CommandSpec;
  readonly globals: GlobalOptions;
  readonly input: CommandInput;
}

/**
 * The command that `words` call for; undefined when they only asked for help, which was then written.
 * Throws `SL-USAGE`, with the nearest known word when there is one.
 */
export async function parseCommandLine(
  words: readonly string[],
  table: readonly CommandSpec[],
  version: string,
  stdout: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<Invocation | undefined> {
  let invocation: Invocation | undefined;
  const program = newCommand("storm-lab", stdout)
    .description("A Storm cluster for a classroom, on this machine.")
    .usage("[options] <command>")
    .version(`storm-lab ${version}`, "-V, --version", "print the version")
    .helpCommand("help [command]", "show what a command does and takes");
  for (const option of globalOptions()) program.addOption(option);
  const chosen = (spec: CommandSpec, input: CommandInput): void => {
    invocation = { spec, input, globals: globalsOf(program.opts(), env) };
  };
  for (const spec of table) program.addCommand(commandFor(spec, chosen, stdout), { hidden: spec.hidden ?? false });
  try {
    if (words.length === 0) program.help();
    await program.parseAsync([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageError(error);
  }
  return invocation;
}

/** The flags that decide how an error is shown, found even where the rest cannot be understood. */
export function errorGlobalsOf(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Pick<GlobalOptions, "ascii" | "verbose"> {
  return {
    ascii: words.includes("--ascii") || isOn(env.STORM_LAB_ASCII),
    verbose: words.includes("--verbose") || words.includes("-v") || isOn(env.STORM_LAB_VERBOSE),
  };
}

function globalOptions(): Option[] {
  return globalOptionSpecs.map((spec) => {
    const option = optionFor(spec);
    return spec.env === undefined ? option : option.env(spec.env);
  });
}

function globalsOf(options: Record<string, unknown>, env: NodeJS.ProcessEnv): GlobalOptions {
  return {
    output: options.output as OutputFormat,
    verbose: options.verbose === true || isOn(env.STORM_LAB_VERBOSE),
    ascii: options.ascii === true || isOn(env.STORM_LAB_ASCII),
    language: languageOf(options.lang as Language | undefined, env),
  };
}

/** A variable that is set to nothing, 0 or false is not set. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}

function newCommand(name: string, stdout: Terminal): Command {
  return new Command(name)
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => stdout.columns,
    });
}

type Chosen = (spec: CommandSpec, input: CommandInput) => void;

function commandFor(spec: CommandSpec, chosen: Chosen, stdout: Terminal): Command {
  const command = newCommand(spec.name, stdout)
    .summary(spec.summary)
    .description(spec.description ?? spec.summary);
  for (const { name, summary } of spec.args ?? []) command.addArgument(new Argument(name, summary));
  for (const option of spec.options ?? []) command.addOption(optionFor(option));
  for (const sub of spec.subcommands ?? [])
    command.addCommand(commandFor(sub, chosen, stdout), { hidden: sub.hidden ?? false });
  command.addHelpText("after", examplesText(spec.examples ?? []));
  if (spec.takesRest === true) command.allowUnknownOption().allowExcessArguments();
  if (spec.run !== undefined) command.action(() => chosen(spec, inputOf(command, spec)));
  return command;
}

function examplesText(examples: readonly ExampleSpec[]): string {
  if (examples.length === 0) return "";
  const width = Math.max(...examples.map(([words]) => words.length));
  return `\nExamples:\n${examples.map(([words, meaning]) => `  storm-lab ${words.padEnd(width)}  ${meaning}`).join("\n")}`;
}

function optionFor(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.summary);
  if (spec.default !== undefined) option.default(spec.default);
  if (spec.choices !== undefined) option.choices(spec.choices);
  if (spec.repeatable === true) option.argParser((value, before: string[] | undefined) => [...(before ?? []), value]);
  return option;
}

function inputOf(command: Command, spec: CommandSpec): CommandInput {
  const declared = command.registeredArguments;
  const args = Object.fromEntries(declared.map((argument, index) => [argument.name(), command.processedArgs[index]]));
  return {
    args,
    options: optionsOf(command),
    rest: spec.takesRest === true ? command.args.slice(declared.length) : [],
  };
}

/** commander gives an option that a command shares with the one above it to the upper one, wherever it stood. */
function optionsOf(command: Command): CommandInput["options"] {
  const options = { ...command.opts() };
  for (let above = command.parent; above?.parent; above = above.parent) {
    for (const name of command.options.map((option) => option.attributeName())) {
      if (above.getOptionValueSource(name) === "cli") options[name] = above.getOptionValue(name);
    }
  }
  return options;
}

function usageError(error: CommanderError): StormLabError {
  const incomplete = error.code === "commander.help";
  const message = incomplete ? "a word is missing: this command has commands of its own" : error.message;
  const [what = "", suggestion = ""] = message.replace(/^error: /, "").split("\n");
  const nearest = /Did you mean (?:one of )?(.*?)\?/.exec(suggestion)?.[1];
  return new StormLabError({
    code: "SL-USAGE",
    what,
    why: "storm-lab does not take these words",
    hint:
      nearest === undefined
        ? "storm-lab help"
        : `${nearest.startsWith("-") ? "" : "storm-lab "}${nearest}   or   storm-lab help`,
    exitCode: exitCodes.usage,
  });
}
