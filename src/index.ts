/** The published package `storm-lab`: what authors, starters and solutions import. */
export * from "./topology/index.ts";
