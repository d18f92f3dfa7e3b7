/** The wizard: asks until all is answered, or until it is interrupted; then what was answered is kept for the next time. */
import { freePortBlock, type Place } from "../../../provision/index.ts";
import type { Language } from "../../language/index.ts";
import type { Answers } from "./answers.ts";
import { liveFault, type MachineLimits, warnings } from "./checks.ts";
import { beginFlow, currentQuestion, type Flow, replied } from "./flow.ts";
import { forgetAnswers, type KeptAnswers, keepAnswers, readKept } from "./kept-answers.ts";
import { Keys, type TerminalInput } from "./keys.ts";
import { choose, type Prompted, type } from "./prompts.ts";
import { type Choice, footprintText, isFault, type Question, questionOf, type Surroundings } from "./questions.ts";
import { Screen, type WizardTerminal } from "./screen.ts";
import { type WizardSay, wizardSay } from "./texts.ts";
import { footprintShort, planLines } from "./view.ts";

export interface WizardOptions {
  readonly place: Place;
  readonly language: Language;
  readonly input: TerminalInput;
  readonly terminal: WizardTerminal;
  readonly ascii: boolean;
  readonly interrupted: AbortSignal;
  readonly machine: MachineLimits;
  /** What enter takes, question by question. */
  readonly start: Answers;
  /** What flags have answered. */
  readonly given: Partial<Answers>;
}

/** Null: it was interrupted, and the answers are kept. */
export async function runWizard(options: WizardOptions): Promise<Answers | null> {
  const { place, input, terminal, interrupted } = options;
  const say = wizardSay(options.language, options.ascii);
  const keys = new Keys(input, place.runtime.timers);
  const screen = new Screen(terminal, say, options.ascii);
  const stop = (): void => keys.interrupt();
  interrupted.addEventListener("abort", stop);
  if (interrupted.aborted) stop();
  try {
    return await new Wizard(options, keys, screen, say).run();
  } finally {
    interrupted.removeEventListener("abort", stop);
    keys.close();
    screen.close();
  }
}

/** Among the choices: what is typed instead. */
const other = "other";

class Wizard {
  private readonly options: WizardOptions;
  private readonly keys: Keys;
  private readonly screen: Screen;
  private readonly say: WizardSay;
  private flow: Flow;
  private helps = false;
  /** What was typed and not taken. */
  private typed: string | null = null;
  /** Words of one's own are asked for, rather than one of the choices. */
  private types = false;
  private surroundings: Surroundings = { freeBlock: null, classicFault: null };

  constructor(options: WizardOptions, keys: Keys, screen: Screen, say: WizardSay) {
    this.options = options;
    this.keys = keys;
    this.screen = screen;
    this.say = say;
    this.flow = beginFlow(options.start, options.given);
  }

  async run(): Promise<Answers | null> {
    const { place } = this.options;
    const kept = await readKept(place);
    if (kept.length > 0) {
      const resume = await this.askResume();
      if (resume === null) return null;
      if (resume) await this.replay(kept);
    }
    for (;;) {
      const question = currentQuestion(this.flow);
      if (question === null) break;
      await this.lookAround(question);
      const prompted = await this.ask(question);
      if (prompted.kind === "interrupted") {
        await keepAnswers(place, this.answered());
        return null;
      }
      await this.take(question, prompted);
    }
    await forgetAnswers(place);
    return this.flow.answers;
  }

  private async take(question: Question, prompted: Prompted): Promise<void> {
    const { place } = this.options;
    this.helps = prompted.kind === "help";
    if (this.helps) return;
    const { types } = this;
    this.typed = null;
    this.types = false;
    if (prompted.kind === "again") this.flow = { ...this.flow, fault: null };
    if (prompted.kind === "back") this.flow = replied(this.flow, { kind: "back" }, this.say);
    if (prompted.kind !== "answer") return;
    const next = replied(this.flow, { kind: "answer", text: prompted.text }, this.say);
    const live = next.fault === null ? await liveFault(place, question.key, next.answers, this.say) : null;
    this.flow = live === null ? next : { ...this.flow, fault: live };
    if (this.flow.fault === null) return;
    this.typed = prompted.text;
    this.types = types;
  }

  /** What the choices of a question depend on. */
  private async lookAround({ key }: Question): Promise<void> {
    if (key !== "ports") return;
    const { place } = this.options;
    const classicFault = await liveFault(place, "ports", { ...this.flow.answers, ports: "classic" }, this.say);
    const freeBlock = this.surroundings.freeBlock ?? (await this.firstBlock());
    this.surroundings = { freeBlock, classicFault };
    const { ports } = this.flow.answers;
    if (ports === "classic" && classicFault !== null && freeBlock !== null)
      this.flow = { ...this.flow, answers: { ...this.flow.answers, ports: freeBlock } };
  }

  /** The one that is offered anyway, if there is one. */
  private async firstBlock(): Promise<number | null> {
    const { place, start } = this.options;
    return typeof start.ports === "number" ? start.ports : freePortBlock(place.runtime).catch(() => null);
  }

  private async ask(question: Question): Promise<Prompted> {
    const { say, flow, screen } = this;
    const { answers, asked, at } = flow;
    const isLast = question.key === "ending";
    const choices = question.choices(this.surroundings, answers, say);
    screen.ask(answers, question, {
      title: `${say("title")}   ${say("progress", { number: at + 1, total: asked.length })}`,
      answered: asked.slice(0, at).map(questionOf),
      notes: this.helps ? [say(`${question.key}Help`)] : [],
      warnings: isLast ? warnings(this.options.machine, answers, say) : [],
      fault: flow.fault,
    });
    if (isLast) screen.lines([...planLines(answers, say), footprintText(answers, say), ""]);
    if (choices.length === 0) return this.askText(question, `${say(`${question.key}Ask`)}`);
    if (this.types) return this.askTyped(question);
    const prompted = await this.choose(question, choices);
    return prompted.kind === "answer" && prompted.text === other ? this.askTyped(question) : prompted;
  }

  private choose(question: Question, choices: readonly Choice[]): Promise<Prompted> {
    const { say, flow, screen } = this;
    const more = question.open ? [{ text: other, label: say("other"), note: "" }] : [];
    const current = question.textOf(flow.answers);
    return choose(this.keys, screen.look(), {
      message: say(`${question.key}Ask`),
      choices: [...choices, ...more],
      current: choices.some(({ text }) => text === current) || !question.open ? current : other,
      tip: say("keysChoice"),
      onPoint: (text) => this.preview(question, text),
    });
  }

  /** In words of one's own; esc goes back to the choices. */
  private async askTyped(question: Question): Promise<Prompted> {
    this.types = true;
    const prompted = await this.askText(question, this.say(question.key === "sizes" ? "sizesTyped" : "portsTyped"));
    return prompted.kind === "back" ? { kind: "again" } : prompted;
  }

  private askText(question: Question, message: string): Promise<Prompted> {
    const { say, flow } = this;
    return type(this.keys, this.screen.look(), {
      message,
      current: this.typed ?? question.textOf(flow.answers),
      mend: this.typed !== null,
      tip: say("keysText"),
      lead: (typed) => {
        const sized = this.preview(question, typed === "" ? question.textOf(flow.answers) : typed);
        return question.key === "sizes" ? `[${footprintShort(sized, say)}] ` : "";
      },
    });
  }

  private preview(question: Question, text: string): Answers {
    const read = question.read(text, this.flow.answers, this.say);
    const answers = isFault(read) ? this.flow.answers : read;
    this.screen.preview(answers);
    return answers;
  }

  /** Null: interrupted. */
  private async askResume(): Promise<boolean | null> {
    const { say, screen } = this;
    for (let notes: readonly string[] = []; ; ) {
      screen.ask(this.flow.answers, null, { title: say("title"), answered: [], notes, warnings: [], fault: null });
      const prompted = await choose(this.keys, screen.look(), {
        message: say("resumeAsk"),
        choices: [
          { text: "yes", label: say("resumeYes"), note: say("resumeYesNote") },
          { text: "no", label: say("resumeNo"), note: say("resumeNoNote") },
        ],
        current: "yes",
        tip: say("keysChoice"),
        onPoint: () => {},
      });
      if (prompted.kind === "interrupted") return null;
      if (prompted.kind === "answer") return prompted.text === "yes";
      notes = prompted.kind === "help" ? [say("resumeHelp")] : [];
    }
  }

  /** As if they were given again: up to the first that cannot be taken any more. */
  private async replay(kept: KeptAnswers): Promise<void> {
    const texts = new Map(kept);
    for (;;) {
      const question = currentQuestion(this.flow);
      const text = question === null ? undefined : texts.get(question.key);
      if (question === null || text === undefined) return;
      await this.take(question, { kind: "answer", text });
      if (this.flow.fault !== null) return;
    }
  }

  private answered(): KeptAnswers {
    const { answers, asked, at } = this.flow;
    return asked.slice(0, at).map((key) => [key, questionOf(key).textOf(answers)]);
  }
}
