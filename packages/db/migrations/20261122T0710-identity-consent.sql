-- A person's ID number is kept with his separate consent; it concerns no way of reaching him, so its channel is none.
alter table consents drop constraint consents_purpose_check;
alter table consents add constraint consents_purpose_check check (purpose in ('service', 'marketing', 'survey', 'sharing', 'identity'));
alter table consents drop constraint consents_channel_check;
alter table consents add constraint consents_channel_check check (channel in ('phone', 'sms', 'wechat', 'email', 'post', 'none') and (channel = 'none') = (purpose = 'identity'));
