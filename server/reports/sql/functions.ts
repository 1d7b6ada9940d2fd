/** Functions that a statement may call: what computes on values. None reads a file, a table, a setting or the network. */

/** Operators and what the parser writes for syntax. */
const syntax = `and or not xor equals notEquals less greater lessOrEquals greaterOrEquals like notLike ilike notILike match
  plus minus multiply divide intDiv intDivOrZero modulo negate concat tuple tupleElement array arrayElement map lambda if multiIf
  isNull isNotNull CAST cast in notIn globalIn globalNotIn between caseWithExpression caseWithoutExpression exists
  toIntervalSecond toIntervalMinute toIntervalHour toIntervalDay toIntervalWeek toIntervalMonth toIntervalYear`;

const aggregates = `count sum avg min max any anyLast uniq uniqExact uniqCombined uniqHLL12 quantile quantiles quantileExact median
  groupArray groupUniqArray argMin argMax topK stddevPop stddevSamp varPop varSamp corr covarPop entropy groupBitOr groupBitAnd
  sumMap minMap maxMap simpleLinearRegression skewPop kurtPop`;

const windows = `row_number rank dense_rank first_value last_value nth_value lagInFrame leadInFrame ntile`;

const values = `abs sign floor ceil round trunc sqrt cbrt exp exp2 log log2 log10 ln pow power pi greatest least
  bitAnd bitOr bitXor bitNot bitShiftLeft bitShiftRight bitTest bitCount
  toInt8 toInt16 toInt32 toInt64 toUInt8 toUInt16 toUInt32 toUInt64 toFloat32 toFloat64 toString toFixedString toDate toDateTime
  toDateTime64 toUUID toBool toIPv4 toIPv6 toIPv4OrNull toIPv6OrNull IPv4NumToString IPv6NumToString IPv4StringToNum IPv4ToIPv6
  isIPv4String isIPv6String isIPAddressInRange cutIPv6 toInt64OrZero toInt64OrNull toUInt64OrZero toUInt64OrNull toFloat64OrZero toFloat64OrNull
  toDateOrNull toDateTimeOrNull parseDateTimeBestEffort parseDateTimeBestEffortOrNull assumeNotNull coalesce ifNull nullIf
  toYear toQuarter toMonth toDayOfYear toDayOfMonth toDayOfWeek toHour toMinute toSecond toUnixTimestamp toUnixTimestamp64Milli
  toUnixTimestamp64Micro fromUnixTimestamp fromUnixTimestamp64Milli fromUnixTimestamp64Micro toStartOfYear toStartOfQuarter toStartOfMonth
  toMonday toStartOfWeek toStartOfDay toStartOfHour toStartOfMinute toStartOfFiveMinutes toStartOfTenMinutes toStartOfFifteenMinutes
  toStartOfInterval toYYYYMM toYYYYMMDD toISOWeek toISOYear dateDiff dateAdd dateSub date_trunc dateTrunc addSeconds addMinutes addHours
  addDays addWeeks addMonths subtractSeconds subtractMinutes subtractHours subtractDays subtractWeeks subtractMonths formatDateTime now today
  yesterday timeSlot timeZone toTimeZone age monthName
  empty notEmpty length lengthUTF8 char_length lower upper lowerUTF8 upperUTF8 reverse substring substr left right position positionUTF8
  positionCaseInsensitive positionCaseInsensitiveUTF8 locate startsWith endsWith replaceOne replaceAll replace replaceRegexpOne replaceRegexpAll trim trimBoth
  trimLeft trimRight splitByChar splitByString splitByRegexp splitByWhitespace splitByNonAlpha arrayStringConcat extract extractAll
  extractGroups countSubstrings countMatches multiSearchAny multiMatchAny ngrams tokens format leftPad rightPad repeat
  hex unhex bin base64Encode base64Decode tryBase64Decode encodeURLComponent decodeURLComponent char ascii isValidUTF8 toValidUTF8
  domain domainWithoutWWW topLevelDomain firstSignificantSubdomain cutToFirstSignificantSubdomain protocol path pathFull queryString fragment port
  extractURLParameter cutQueryString
  MD5 SHA1 SHA256 SHA512 cityHash64 xxHash64 sipHash64 murmurHash3_64 farmHash64 halfMD5 CRC32
  has hasAny hasAll indexOf arrayCount arrayExists arrayAll arrayFilter arrayMap arrayFirst arrayLast arraySort arrayReverseSort arrayReverse
  arrayDistinct arrayUniq arrayJoin arraySum arrayAvg arrayMin arrayMax arraySlice arrayConcat arrayPushBack arrayPushFront arrayCompact
  arrayDifference arrayCumSum arrayEnumerate arrayEnumerateUniq arrayFlatten arrayZip arrayIntersect arrayReduce range emptyArrayString
  mapKeys mapValues mapContains mapFilter mapApply mapFromArrays
  JSONExtractString JSONExtractInt JSONExtractUInt JSONExtractFloat JSONExtractBool JSONExtractRaw JSONExtractKeys JSONExtractArrayRaw JSONHas
  JSONLength JSONType isValidJSON simpleJSONExtractString
  levenshteinDistance ngramDistance jaroWinklerSimilarity formatReadableSize formatReadableQuantity formatReadableTimeDelta
  transform bar toTypeName materialize ignore identity`;

const listOf = (text: string): string[] => text.split(/\s+/).filter((name) => name !== '');
const aggregate_names = new Set(listOf(aggregates).map((name) => name.toLowerCase()));
const names = new Set(
  [syntax, aggregates, windows, values].flatMap(listOf).map((name) => name.toLowerCase()),
);
const combinators = /(?:If|Array|Distinct|OrDefault|OrNull|ForEach)$/;

/** Those that look something up on their right side, which must be written out or a SELECT. */
export const membership = new Set(['in', 'notIn', 'globalIn', 'globalNotIn']);

export function mayCall(name: string): boolean {
  if (names.has(name.toLowerCase())) return true;
  for (let base = name; combinators.test(base); ) {
    base = base.replace(combinators, '');
    if (aggregate_names.has(base.toLowerCase())) return true;
  }
  return false;
}
