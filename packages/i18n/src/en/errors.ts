/** What went wrong outside a rule: code of the failure, never of a domain. */
export const errors = {
  network: 'The server could not be reached. What you typed is kept; try again when you are back online.',
  unexpected: 'Something went wrong on our side. Try again; if it stays, give your administrator the request number.',
  pageMissing: 'There is no such page',
  pageMissingHint: 'The link may be incomplete, or the page has moved.',
  screenFailed: 'This page ran into a problem',
  screenFailedHint: 'What you typed is kept. Try again, or go home.',
  goHome: 'Go home',
};

export const inputRefusals = { invalid: 'Some fields are not right. Please check the marked ones.' };

export const platformRefusals = {
  failure: 'Something went wrong on our side. Try again; if it stays, give your administrator the request number.',
  no_procedure: 'The server does not offer this; the page may be out of date. Please reload.',
  method_not_allowed: 'This address does not take this method; see the API reference.',
  media_type: 'This kind of content is not taken: send data as application/json, files as multipart/form-data.',
  body_too_large: 'The request is larger than is taken; send it in parts.',
  not_found: 'There is no such record here; it may belong to another store.',
  conflict: 'Somebody else changed this record meanwhile. Compare and save again.',
  key_missing: 'The request lacks the header Idempotency-Key, or its length is not right',
  key_reused: 'This Idempotency-Key was used for another request',
  key_in_progress: 'The same request is being processed; please wait',
  answer_shown_once: 'This was done before; its answer held a secret that is shown once and kept nowhere. Make another if it was not seen',
  bad_cursor: 'This page position is no longer valid; please search again',
  unavailable: 'The service is not available for a moment. Please try again; what you typed is kept.',
};

/** Faults of a field, by the code the server gives; what a field has to say of its own stands in `fieldFaultsOf`. */
export const fieldFaults = {
  consent_channel: 'the consent to keep an ID number has the channel none; any other purpose has a channel to reach the customer by',
  invalid: 'This is not valid',
  required: 'Required',
  single_value: 'Give one value, not several',
  number: 'A number is expected',
  whole_number: 'A whole number is expected',
  type: 'Wrong type: {{expected}} is expected',
  format: 'Wrong format',
  format_uuid: 'A UUID is expected',
  format_datetime: 'A time with its offset is expected, such as 2026-05-01T09:10:00+08:00',
  format_regex: 'Wrong format: {{pattern}} is expected',
  choice: 'Choose one of: {{values}}',
  one_of: 'Give one of these fields, not several and not none',
  cursor: 'Use the nextCursor of the page before',
  column_missing: 'The column “{{header}}” is missing; it may also be called: {{synonyms}}',
  key_scope: 'There is no scope {{unknown}}. Choose from: {{values}}',
  repeated_key: 'The key “{{key}}” stands here twice; give it once',
  json: 'A JSON object is expected',
  too_short: 'At least {{minimum}} characters',
  too_long: 'At most {{maximum}} characters',
  too_small: 'Not below {{minimum}}',
  too_big: 'Not above {{maximum}}',
  too_few: 'Items needed: at least {{minimum}}',
  too_many: 'Items taken: at most {{maximum}}',
  length: 'Between {{min}} and {{max}} characters',
  unknown_field: 'The system does not know this field',
  date: 'Enter a date that exists, such as 2026-05-01',
  date_range: 'Between {{minimum}} and {{maximum}}',
  period_order: 'The end must be after the start',
  period_too_wide: 'At most 1,100 days at once, none before 1990-01-01',
  whole_week:
    'By week takes one whole week, from a Monday up to but not including the next, such as 2026-11-16 to 2026-11-23; use “custom” for other days',
  whole_month:
    'By month takes one whole month, from its first day up to but not including the first of the next, such as 2026-11-01 to 2026-12-01; use “custom” for other days',
  not_negative: 'Must not be negative',
  scopes_too_wide: 'Beyond what you may do yourself: {{values}}',
  not_for_keys: 'An API key lets nobody sign in and changes nobody who does',
  role_too_wide: 'Giving this role needs the right to decide on settings',
  taken: 'Already in use; choose another',
  utf8: 'Must be encoded as UTF-8',
  unstorable_signs: 'Contains signs that cannot be stored; please remove them',
  unknown_record: 'There is no such record; please choose again',
  not_of_customer: 'This record belongs to another customer; please choose again',
  wrong_password: 'The password is not right',
  password_unchanged: 'The new password must differ from the current one',
};

export const fieldFaultsOf = {
  phone: 'A mobile number has 11 digits, a landline its area code and 7 or 8 digits',
  postcode: 'A postcode has 6 digits',
  vin: 'A VIN has 17 letters and digits, without I, O and Q',
  plate: 'A plate is a province sign, a letter and 5 or 6 signs',
  idNumber: 'An ID number has 18 characters',
  username: 'A user name begins with a lower-case letter or digit and has 2 to 60 letters, digits, . _ -',
  email: 'An email address looks like name@example.com',
  month: 'A month is 01 to 12 of a year, written 2026-05',
  registeredTo: 'The end must be after the start',
};
