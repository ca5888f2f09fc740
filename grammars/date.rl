# SPDX-License-Identifier: MIT
# date.rl - Date.
# Spec:             RFC 3261 25.1, RFC 1123 5.2.14
# Includes:         sip_core.rl
# Required actions: wkday_b wkday_e day_b day_e month_b year_b time_b second_b zone_b zone_e on_loose
# Deviations:       These forms are taken too, each marked by on_loose (quirk SIP_DATE, vector date/quirks): no wkday, one digit for
#                   the day, LWS in place of SP, no seconds, and the zones UTC, UT, Z, "+" 4DIGIT and "-" 4DIGIT.
%%{
  machine date;
  include sip_core "sip_core.rl";

  # wkday = "Mon" / "Tue" / "Wed" / "Thu" / "Fri" / "Sat" / "Sun"
  wkday      = "Mon"i | "Tue"i | "Wed"i | "Thu"i | "Fri"i | "Sat"i | "Sun"i;
  # month = "Jan" / "Feb" / "Mar" / "Apr" / "May" / "Jun" / "Jul" / "Aug" / "Sep" / "Oct" / "Nov" / "Dec"
  month      = "Jan"i | "Feb"i | "Mar"i | "Apr"i | "May"i | "Jun"i | "Jul"i | "Aug"i | "Sep"i | "Oct"i | "Nov"i | "Dec"i;
  loose_SP   = SP | ( LWS - SP ) %on_loose;
  # date1 = 2DIGIT SP month SP 4DIGIT
  mday       = ( DIGIT{2} | DIGIT %on_loose ) >day_b %day_e;
  date1      = mday loose_SP month >month_b loose_SP DIGIT{4} >year_b;
  # time = 2DIGIT ":" 2DIGIT ":" 2DIGIT
  time       = ( DIGIT{2} ":" DIGIT{2} ) >time_b ( ":" DIGIT{2} >second_b )?;
  # rfc1123-date = wkday "," SP date1 SP time SP "GMT"
  zone       = "GMT"i | ( "UTC"i | "UT"i | "Z"i | [+\-] DIGIT{4} ) >on_loose;
  start      = wkday >wkday_b %wkday_e "," loose_SP;
  # SIP-date = rfc1123-date
  sip_date   = SWS start? date1 loose_SP time loose_SP zone >zone_b %zone_e SWS;
}%%
