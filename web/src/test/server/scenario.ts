/** What the pretended server may begin with. */
export type Scenario =
  | "full"
  | "sample"
  | "numbers"
  | "empty"
  | "long"
  | "broken"
  | "setup"
  | "outside"
  | "texts"
  | "opted-out";
