/** Every lab, in the order of their numbers. */
import type { Lab } from "./engine/index.ts";
import { fiveMinutes } from "./five-minutes/lab.ts";
import { wordCountTraps } from "./word-count/lab.ts";

export const labTable: readonly Lab[] = [fiveMinutes, wordCountTraps];
