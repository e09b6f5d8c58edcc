// SPDX-License-Identifier: Apache-2.0
// Runs before anything is drawn, so that the page never flashes in the other theme.
import { applyTheme, storedTheme } from "./theme";

const theme = storedTheme();
if (theme) applyTheme(theme);
