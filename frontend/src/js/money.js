// Numbers as people of the page's language write them.
const language = () => document.documentElement.lang || "en";

/** Minor units of `currency` as text with its code, for instance 119000 and "EUR" as "1.190,00 EUR", as the server writes it. */
export function money(minor, currency, options = {}) {
  const format = new Intl.NumberFormat(language(), { style: "currency", currency, currencyDisplay: "code", ...options });
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  return format.format(minor / 10 ** digits);
}

/** The same, short, for the axis of a chart: "1,2 Mio. EUR". */
export const shortMoney = (minor, currency) =>
  money(minor, currency, { notation: "compact", maximumFractionDigits: 1, minimumFractionDigits: 0 });

/** A plain number. */
export const count = (value) => new Intl.NumberFormat(language()).format(value);
