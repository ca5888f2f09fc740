# SPDX-License-Identifier: MIT
# datetime.rl - a date and a time of day with its zone.
# Spec:             RFC 3339 5.6, used by RFC 3862 4.4 (DateTime) and RFC 5438 (datetime)
# Includes:         abnf.rl
# Required actions: hour, second, frac_b, frac_e, zone, zone_minute
# Deviations:       SP for "T"; no seconds; no zone; a zone of one hour digit; a zone without its colon. Peers write all of them
#                   (vectors datetime/quirks). Each is a quirk that the
#                   decoder names; ranges of the numbers are the decoder's too.
%%{
  machine datetime;
  include abnf "abnf.rl";

  # date-fullyear = 4DIGIT
  date_fullyear  = DIGIT{4};
  # date-month = 2DIGIT
  date_month     = DIGIT{2};
  # date-mday = 2DIGIT
  date_mday      = DIGIT{2};
  # time-hour = 2DIGIT
  time_hour      = DIGIT{2};
  # time-minute = 2DIGIT
  time_minute    = DIGIT{2};
  # time-second = 2DIGIT
  time_second    = DIGIT{2} >second;
  # time-secfrac = "." 1*DIGIT
  time_secfrac   = "." DIGIT+ >frac_b %frac_e;
  # time-numoffset = ("+" / "-") time-hour ":" time-minute
  time_numoffset = [+\-] >zone ( DIGIT{1,2} ":" | DIGIT{2} ) DIGIT{2} >zone_minute;
  # time-offset = "Z" / time-numoffset
  time_offset    = "Z"i >zone | time_numoffset;

  # partial-time = time-hour ":" time-minute ":" time-second [time-secfrac]
  partial_time   = time_hour >hour ":" time_minute ( ":" time_second time_secfrac? )?;
  # full-date = date-fullyear "-" date-month "-" date-mday
  full_date      = date_fullyear "-" date_month "-" date_mday;
  # full-time = partial-time time-offset
  full_time      = partial_time time_offset?;

  # date-time = full-date "T" full-time
  date_time      = full_date ( "T"i | SP ) full_time;
}%%
