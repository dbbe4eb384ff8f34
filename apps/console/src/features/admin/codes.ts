/** Where the words for the codes of a field stand, by what the log calls its record. */
export const CODES_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  complaint: {
    status: 'complaints.statuses',
    severity: 'complaints.severities',
    source: 'complaints.sources',
    state: 'complaints.pauseStates',
  },
  contact: { channel: 'contacts.channels', outcome: 'contacts.outcomes' },
  customer: { status: 'customers.statuses' },
  imports: { status: 'imports.statuses', mode: 'imports.modes', kind: 'imports.kinds' },
  task: {
    status: 'tasks.statuses',
    kind: 'tasks.kinds',
    channel: 'contacts.channels',
    lastOutcome: 'contacts.outcomes',
    outcome: 'contacts.outcomes',
    skipReason: 'tasks.skipReasons',
  },
  vehicle: { status: 'vehicles.statuses' },
};
