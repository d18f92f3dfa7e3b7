/** The questions of the wizard: what may be answered, what an answer changes, which flags say the same. Pure; knows no terminal. */
import { type Answers, footprintOf } from "./answers.ts";
import type { WizardSay } from "./texts.ts";

export type QuestionKey = "name" | "sizes" | "pace" | "ports" | "extras" | "ending";

export interface Choice {
  /** The answer, as it would be typed. */
  readonly text: string;
  readonly label: string;
  /** What it means; shown while it is pointed at. */
  readonly note: string;
}

/** What an answer is not, in words. */
export interface Fault {
  readonly fault: string;
}

export interface Question {
  readonly key: QuestionKey;
  /** Of `init`, as keys of the answers: who gives all of them is not asked. */
  readonly flags: readonly (keyof Answers)[];
  /** Lines of cluster.yaml that it decides, as the keys that begin them at the margin. */
  readonly yamlKeys: readonly string[];
  /** None: any text is typed. */
  readonly choices: (surroundings: Surroundings, answers: Answers, say: WizardSay) => readonly Choice[];
  /** A text besides the choices may be typed. */
  readonly open: boolean;
  readonly textOf: (answers: Answers) => string;
  readonly read: (text: string, answers: Answers, say: WizardSay) => Answers | Fault;
}

/** What lies around on this machine, as far as choices depend on it. */
export interface Surroundings {
  /** The first port of a block that is free; null: none was found. */
  readonly freeBlock: number | null;
  /** Why the classic ports cannot be taken; null: they are free. */
  readonly classicFault: string | null;
}

export function isFault(value: Answers | Fault): value is Fault {
  return "fault" in value;
}

/** As the schema of cluster.yaml has it. */
const namePattern = /^[a-z0-9][a-z0-9-]{0,31}$/;
const portsFrom = 1024;
const portsTo = 65_335;
const limits = { zookeeper: [1, 9], nimbus: [1, 5], supervisors: [0, 32], slots: [1, 50] } as const;

const nameQuestion: Question = {
  key: "name",
  flags: ["name"],
  yamlKeys: ["name"],
  choices: () => [],
  open: true,
  textOf: ({ name }) => name,
  read: (text, answers, say) => (namePattern.test(text) ? { ...answers, name: text } : { fault: say("nameFault") }),
};

const sizes = ["1 1 1x4", "3 1 2x4", "3 2 3x4", "5 2 4x4"] as const;

const sizesQuestion: Question = {
  key: "sizes",
  flags: ["zookeeper", "nimbus", "supervisors", "slots"],
  yamlKeys: ["zookeeper", "nimbus", "supervisors"],
  choices: (_, answers, say) =>
    sizes.map((text) => {
      const sized = withSizes(text, answers) ?? answers;
      return { text, label: sizesLabel(sized, say), note: footprintText(sized, say) };
    }),
  open: true,
  textOf: ({ zookeeper, nimbus, supervisors, slots }) => `${zookeeper} ${nimbus} ${supervisors}x${slots}`,
  read: (text, answers, say) => withSizes(text, answers) ?? { fault: say("sizesFault") },
};

const paceQuestion: Question = {
  key: "pace",
  flags: ["pace"],
  yamlKeys: ["pace"],
  choices: (_, __, say) => [
    { text: "classroom", label: say("paceClassroom"), note: say("paceClassroomNote") },
    { text: "storm", label: say("paceStorm"), note: say("paceStormNote") },
  ],
  open: false,
  textOf: ({ pace }) => pace,
  read: (text, answers, say) =>
    text === "classroom" || text === "storm" ? { ...answers, pace: text } : { fault: say("choiceFault", { text }) },
};

const portsQuestion: Question = {
  key: "ports",
  flags: ["ports"],
  yamlKeys: ["ports"],
  choices: ({ freeBlock, classicFault }, _, say) => [
    { text: "classic", label: say("portsClassic"), note: classicFault ?? say("portsClassicNote") },
    ...(freeBlock === null
      ? []
      : [
          {
            text: String(freeBlock),
            label: say("portsBlock", { from: freeBlock, to: freeBlock + 199 }),
            note: say("portsBlockNote"),
          },
        ]),
  ],
  open: true,
  textOf: ({ ports }) => String(ports),
  read: (text, answers, say) => {
    if (text === "classic") return { ...answers, ports: "classic" };
    const first = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    return within(first, [portsFrom, portsTo])
      ? { ...answers, ports: first }
      : { fault: say("portsFault", { from: portsFrom, to: portsTo }) };
  },
};

const extras: Readonly<Record<string, Pick<Answers, "drpc" | "ui">>> = {
  "drpc ui": { drpc: 1, ui: 1 },
  ui: { drpc: 0, ui: 1 },
  drpc: { drpc: 1, ui: 0 },
  none: { drpc: 0, ui: 0 },
};

const extrasQuestion: Question = {
  key: "extras",
  flags: ["drpc", "ui"],
  yamlKeys: ["drpc", "ui"],
  choices: (_, answers, say) =>
    Object.entries(extras).map(([text, counts]) => ({
      text,
      label: say(extrasLabels[text] ?? "extrasNone"),
      note: footprintText({ ...answers, ...counts }, say),
    })),
  open: false,
  textOf: ({ drpc, ui }) => [...(drpc > 0 ? ["drpc"] : []), ...(ui > 0 ? ["ui"] : [])].join(" ") || "none",
  read: (text, answers, say) => {
    const counts = Object.hasOwn(extras, text) ? extras[text] : undefined;
    return counts === undefined ? { fault: say("choiceFault", { text }) } : { ...answers, ...counts };
  },
};

const extrasLabels = {
  "drpc ui": "extrasBoth",
  ui: "extrasUi",
  drpc: "extrasDrpc",
} as Readonly<Record<string, "extrasBoth" | "extrasUi" | "extrasDrpc">>;

const endingQuestion: Question = {
  key: "ending",
  flags: ["ending"],
  yamlKeys: [],
  choices: (_, __, say) => [
    { text: "up", label: say("endingUp"), note: say("endingUpNote") },
    { text: "save", label: say("endingSave"), note: say("endingSaveNote") },
    { text: "print", label: say("endingPrint"), note: say("endingPrintNote") },
  ],
  open: false,
  textOf: ({ ending }) => ending,
  read: (text, answers, say) =>
    text === "up" || text === "save" || text === "print"
      ? { ...answers, ending: text }
      : { fault: say("choiceFault", { text }) },
};

/** In the order in which they are asked. */
export const questions: readonly Question[] = [
  nameQuestion,
  sizesQuestion,
  paceQuestion,
  portsQuestion,
  extrasQuestion,
  endingQuestion,
];

export function questionOf(key: QuestionKey): Question {
  return questions.find((question) => question.key === key) ?? nameQuestion;
}

/** How an answer is shown afterwards. */
export function shownAnswer(key: QuestionKey, answers: Answers, say: WizardSay): string {
  if (key === "sizes") return sizesLabel(answers, say);
  if (key === "extras") return say(extrasLabels[extrasQuestion.textOf(answers)] ?? "extrasNone");
  return questionOf(key).textOf(answers);
}

export function footprintText(answers: Answers, say: WizardSay): string {
  const { processes, idleMb, fullMb } = footprintOf(answers);
  return say("footprint", { processes, idle: idleMb, full: fullMb });
}

function sizesLabel({ zookeeper, nimbus, supervisors, slots }: Answers, say: WizardSay): string {
  return say("sizesLabel", { zookeeper, nimbus, supervisors, slots });
}

/** `3 1 2x4`: ZooKeeper servers, nimbuses, supervisors × slots. */
function withSizes(text: string, answers: Answers): Answers | null {
  const [, ...digits] = /^(\d{1,2})[ ,]+(\d)[ ,]+(\d{1,2}) *[x×*] *(\d{1,2})$/.exec(text.trim()) ?? [];
  if (digits.length === 0) return null;
  const [zookeeper = 0, nimbus = 0, supervisors = 0, slots = 0] = digits.map(Number);
  const sized = { zookeeper, nimbus, supervisors, slots };
  const fits = (Object.keys(limits) as (keyof typeof limits)[]).every((key) => within(sized[key], limits[key]));
  return fits ? { ...answers, ...sized } : null;
}

function within(value: number, [from, to]: readonly [number, number]): boolean {
  return value >= from && value <= to;
}

/** The wanted name, or one like it that no cluster has. */
export function freeName(taken: readonly string[], wanted: string): string {
  const numbered = Array.from({ length: taken.length }, (_, index) => `${wanted}-${index + 2}`);
  return [wanted, ...numbered].find((name) => !taken.includes(name)) ?? wanted;
}
