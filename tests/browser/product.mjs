// What the journeys take for granted about the product's pages, in one place: addresses, fields,
// landmarks. The counterpart of xtask/src/product.rs.

export const signInPath = '/sign-in';
export const loginField = 'input[name=login]';
export const passwordField = 'input[name=password]';
export const submitButton = 'form:has(input[name=password]) button[type=submit], form:has(input[name=password]) button:not([type])';
/** Links of the left navigation. */
export const navigationLinks = 'nav#nav a[href^="/"]';
/** The one search box of the page's head. */
export const searchBox = '[data-search], form[role=search] input[type=search]';
/** A message that a form was refused, read aloud when it appears. */
export const refusal = '[role=alert], .alert, .invalid-feedback, [aria-live]';
/** A person whose work crosses the whole product. */
export const clerkRole = 'office_liaison';
