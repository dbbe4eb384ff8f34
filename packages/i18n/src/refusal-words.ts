/** The words a language must have for the codes `capability.code`: a new code does not compile until it is worded. */
export type RefusalWords<Code extends string> = Readonly<Record<Code extends `${string}.${infer Tail}` ? Tail : never, string>>;
