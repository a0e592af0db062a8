import { createContext } from "react";

/** The conversation that is written in; undefined of texts for many, such as canned messages. */
export const AnswerIn = createContext<number | undefined>(undefined);
