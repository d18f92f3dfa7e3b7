/** What screen.ts uses of the package blessed 0.1.81, which brings no types. */
declare module "blessed/lib/program.js" {
  export interface BlessedKey {
    readonly name?: string;
    readonly full?: string;
    readonly ctrl?: boolean;
    readonly meta?: boolean;
  }
  export interface BlessedProgram {
    readonly output: NodeJS.WriteStream;
    on(event: "keypress", listener: (character: string | undefined, key: BlessedKey | undefined) => void): void;
    on(event: "resize", listener: () => void): void;
    destroy(): void;
  }
  export default function program(options: { readonly tput: boolean; readonly resizeTimeout: number }): BlessedProgram;
}
