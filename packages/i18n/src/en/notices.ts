/** What the bell says, by the kind of notice. */
export const notices = {
  complaints: {
    registered: 'New complaint {{number}}, registered by {{by}}: please respond soon',
    escalated: 'Complaint {{number}} has used {{percent}}% of its time for “{{promise}}”',
    reassigned: 'Complaint {{number}} was given to you by {{by}}',
    reopened: 'Complaint {{number}} is reopened: the customer is not satisfied',
    pause_over: 'The pause of complaint {{number}} is over',
    pause_requested: '{{by}} asks to pause the clock of complaint {{number}}',
    solved: 'Complaint {{number}} is solved: please ask the customer',
  },
  care: { missed: 'Care tasks were missed' },
  imports: { finished: 'An import has finished' },
};
