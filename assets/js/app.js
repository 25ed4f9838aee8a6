// What scripts add; every page works without them.
import 'htmx.org';
import './checklist.js';
import './copy.js';
import './pages.js';
