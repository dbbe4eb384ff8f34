import * as wire from '@baoke/core/settings/wire';
import { may, router } from '../trpc.ts';
import * as useCases from './use-cases.ts';

export const settingsRouter = router({
  get: may('settings', 'view', {
    method: 'GET',
    path: '/settings/{section}',
    summary: 'A section of the settings as it rules, and who saved it',
  })
    .input(wire.sectionInput)
    .output(wire.settingView)
    .query(({ ctx, input }) => useCases.getSetting(ctx.staff, input.section)),

  history: may('settings', 'view', {
    method: 'POST',
    path: '/settings/{section}/history',
    summary: 'Every version of a section, the newest first, down to the shipped one',
  })
    .input(wire.historyInput)
    .output(wire.settingHistory)
    .query(({ ctx, input }) => useCases.listVersions(ctx.staff, input)),

  save: may('settings', 'edit', {
    method: 'POST',
    path: '/settings',
    summary: 'Save a section as its next version; promises already made stay as they are',
  })
    .input(wire.saveInput)
    .output(wire.settingView)
    .mutation(({ ctx, input }) => useCases.saveSetting(ctx.staff, input)),

  restore: may('settings', 'edit', {
    method: 'POST',
    path: '/settings/{section}/restore',
    summary: 'Let an earlier version rule again, as a new one; 0 is what was shipped',
  })
    .input(wire.restoreInput)
    .output(wire.settingView)
    .mutation(({ ctx, input }) => useCases.restoreSetting(ctx.staff, input)),
});
