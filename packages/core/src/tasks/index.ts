export * from './contact-time.ts';
export * from './model.ts';
export * from './policy.ts';
export * from './queue.ts';
export * from './receivers.ts';
export * from './rules.ts';
export * from './take-back.ts';
