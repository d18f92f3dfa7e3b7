/** Puts the parts together: the feed, the keys, the screen, and commands that are run. */
import { messageOf, pause, type Runtime } from "../../base/index.ts";
import { UiClient } from "../../client/index.ts";
import { type Language, speaker } from "../../language/index.ts";
import { painted, type Theme } from "../cells.ts";
import { openScreen, type Screen } from "../screen.ts";
import { Feed } from "./feed.ts";
import { frameOf } from "./frame.ts";
import { type ClusterModel, emptyModel, type RunCommand } from "./model.ts";
import { type Effect, press } from "./press.ts";
import { firstState } from "./state.ts";
import { dashboardWords } from "./words.ts";

export interface DashboardOptions {
  readonly runtime: Runtime;
  readonly cluster: string;
  /** Commands need not name it. */
  readonly isOnlyCluster: boolean;
  readonly url: string;
  readonly nodes: ClusterModel["nodes"];
  readonly language: Language;
  readonly theme: Theme;
  readonly isReadOnly: boolean;
  readonly onlyAscii: boolean;
  /** Names of storm-lab's commands. */
  readonly commands: readonly string[];
  /** Ends it in good order. */
  readonly signal: AbortSignal;
  /** Told once how the terminal is put right, for the end of the process however it comes. */
  readonly onOpen: (restore: () => void) => void;
}

const outputLinesMax = 200;
const commandsMax = 100;
const commandMs = 120_000;
/** Paintings that come closer are one. */
const paintMs = 30;
const clockMs = 1000;

/** Resolves when it was left; what is then to be said to the person. */
export async function runDashboard(options: DashboardOptions): Promise<string> {
  const dashboard = new Dashboard(options);
  try {
    await dashboard.run();
  } finally {
    dashboard.close();
  }
  return speaker(dashboardWords, options.language)("bye", { name: options.cluster });
}

class Dashboard {
  readonly #options: DashboardOptions;
  readonly #say;
  readonly #feed: Feed;
  readonly #screen: Screen;
  readonly #left = new AbortController();
  #state;
  #isPaintDue = false;

  constructor(options: DashboardOptions) {
    const { runtime, cluster, url, nodes, theme, isReadOnly, language } = options;
    this.#options = options;
    this.#say = speaker(dashboardWords, language);
    this.#state = firstState({ theme, isReadOnly });
    this.#feed = new Feed({
      runtime,
      client: new UiClient({ runtime, url }),
      model: emptyModel({ cluster, url, nodes }),
      focus: () => this.#state,
      changed: () => this.#paintSoon(),
    });
    this.#screen = openScreen({ key: (key) => this.#key(key), resize: () => this.#paint() });
    options.onOpen(() => this.#screen.close());
  }

  close(): void {
    this.#screen.close();
  }

  async run(): Promise<void> {
    const { runtime, signal } = this.#options;
    const leave = (): void => this.#left.abort();
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    this.#paint();
    const clock = runtime.timers.every(clockMs, () => this.#paint());
    await this.#feed.run(this.#left.signal);
    clock.cancel();
    signal.removeEventListener("abort", leave);
  }

  #paintSoon(): void {
    if (this.#isPaintDue) return;
    this.#isPaintDue = true;
    this.#options.runtime.timers.after(paintMs, () => this.#paint());
  }

  #paint(): void {
    this.#isPaintDue = false;
    if (this.#left.signal.aborted) return;
    const { theme } = this.#state;
    const { lines, cursor } = frameOf(this.#feed.model, this.#state, this.#screen, this.#say);
    this.#screen.paint(
      lines.map((line) => painted(line, theme, this.#options.onlyAscii)),
      cursor,
    );
  }

  #key(key: string): void {
    const before = this.#state;
    const { rows } = this.#screen;
    const around = {
      model: this.#feed.model,
      say: this.#say,
      commands: this.#options.commands,
      pageRows: Math.max(1, rows - 8),
    };
    const { state, effects } = press(before, key, around);
    this.#state = state;
    for (const effect of effects) this.#do(effect);
    const { view, topology, component, znode, log } = state;
    const isSame =
      before.view === view &&
      before.topology === topology &&
      before.component === component &&
      before.znode === znode &&
      before.log === log;
    if (before.topology !== topology) this.#feed.patch({ topology: null, graph: null, rates: new Map() });
    if (before.component !== component || before.topology !== topology) this.#feed.patch({ component: null });
    if (before.log !== log) this.#feed.patch({ logLines: [] });
    if (!isSame) this.#feed.refresh();
    this.#paint();
  }

  #do(effect: Effect): void {
    if (effect.kind === "quit") {
      this.#left.abort();
      this.#feed.refresh();
    } else if (effect.kind === "redraw") this.#screen.forget();
    else if (effect.kind === "copy") this.#screen.copy(effect.text);
    else void this.#command(effect.words);
  }

  /** One at a time: the next is refused while one runs. */
  async #command(words: readonly string[]): Promise<void> {
    const { runtime, cluster, isOnlyCluster } = this.#options;
    if (this.#feed.model.commands[0]?.exitCode === null) {
      this.#state = { ...this.#state, message: this.#say("busy") };
      return;
    }
    const isNamed = isOnlyCluster || words.some((word) => word.startsWith("--cluster"));
    const named = isNamed || !takesCluster(words) ? [] : ["--cluster", cluster];
    const all = [...words, ...named];
    const output: string[] = [];
    const begun: RunCommand = {
      atMs: runtime.clock.nowMs(),
      text: `storm-lab ${all.join(" ")}`,
      exitCode: null,
      output,
    };
    const others = this.#feed.model.commands.slice(0, commandsMax - 1);
    this.#feed.patch({ commands: [begun, ...others] });
    const exitCode = await this.#exitOf(all, (line) => {
      if (output.length < outputLinesMax) output.push(line);
    }).catch((error: unknown) => {
      output.push(messageOf(error));
      return 1;
    });
    this.#feed.patch({ commands: [{ ...begun, exitCode }, ...others] });
    this.#feed.refresh();
  }

  async #exitOf(args: readonly string[], onLine: (line: string) => void): Promise<number> {
    const { runtime } = this.#options;
    const child = await runtime.processes.spawn({ program: "storm-lab", args, output: "pipe" });
    child.onOutput((_, line) => onLine(line));
    const ended = new AbortController();
    const late = pause(runtime.timers, commandMs, AbortSignal.any([ended.signal, this.#left.signal])).then(() => {
      if (!ended.signal.aborted) child.signal("SIGTERM");
    });
    const { code } = await child.exited;
    ended.abort();
    await late;
    return code ?? 1;
  }
}

function takesCluster([verb = ""]: readonly string[]): boolean {
  return !["version", "explain", "help", "clusters", "simulate", "local", "init"].includes(verb);
}
