/**
 * Minutes a change waits before readers in step are told of it. Records are stamped when their request begins and seen when it commits:
 * without the wait a slow one would appear behind the cursor of whoever read meanwhile, and be missed for good.
 *
 * Longer than any writing request may take.
 */
export const SETTLING_MINUTES = 1;
