// Starts what a page has. Every page works without any of it.

import { bayKeys, startBay } from "./bay.js";
import { startChoices } from "./filter.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startSheets } from "./sheet.js";
import { startTheme } from "./theme.js";
import { startTimes } from "./times.js";

document.documentElement.classList.add("js-on");
startTheme();
document.querySelector(".nav [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
startSheets();
startChoices();
startBay();
if (document.querySelector("form[data-filter]")) import("./list.js").then((it) => it.startLists());
if (document.querySelector("link[href$='placement.css']")) import("./preview.js").then((it) => it.startPreviews());
if (document.querySelector(".topology")) import("./host.js").then((host) => host.startHost());
startKeys(bayKeys);
startLive();
startTimes();
