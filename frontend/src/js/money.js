// Numbers as people of the page's language write them.
const language = () => document.documentElement.lang || "en";

const digits = (currency) =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits;

/** Minor units of `currency` as text with its code, for instance 119000 and "EUR" as "1.190,00 EUR", as the server writes it. */
export function money(minor, currency) {
  const format = new Intl.NumberFormat(language(), { style: "currency", currency, currencyDisplay: "code" });
  return format.format(minor / 10 ** digits(currency));
}

/** The same without its currency, short, for the axis of a chart: "600.000", "1,2 Mio.". */
export const shortAmount = (minor, currency) =>
  new Intl.NumberFormat(language(), { notation: "compact", maximumFractionDigits: 1 }).format(minor / 10 ** digits(currency));

/** A share in basis points with a tenth of a hundredth: 24,3 %. */
export const share = (points) =>
  new Intl.NumberFormat(language(), { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(points / 10000);

/** A plain number. */
export const count = (value) => new Intl.NumberFormat(language()).format(value);
