import type { ImportView } from '@baoke/core/imports/wire';

/** Where an import can stand, in the order of its life. */
export const STATUSES = ['uploaded', 'running', 'done', 'failed', 'cancelled', 'undone'] as const satisfies readonly ImportView['status'][];
