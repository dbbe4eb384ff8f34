/** The advisory locks that a store's work takes beside its rows: the first of two keys, the store being the second. Each work has its own. */
export const STORE_LOCKS = { audit: 7001, imports: 7002, planner: 7003 } as const;
