// What every page loads. Each module looks for its own data attributes and does nothing where there are none.
import "./htmx.js";
import "./say.js";
import "./toast.js";
import "./panel.js";
import "./menu.js";
import "./dialog.js";
import "./rows.js";
import "./review.js";
import "./pick.js";
import "./table.js";
import "./form.js";
import "./keys.js";
import "./switch.js";
import "./drop.js";
import "./lazy.js";
import "./columns.js";
