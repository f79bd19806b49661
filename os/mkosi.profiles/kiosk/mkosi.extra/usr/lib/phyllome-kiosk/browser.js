#!/usr/bin/gjs -m
// SPDX-License-Identifier: Apache-2.0
//
// The page of this PC, full-screen, and nothing else: no address bar, no menu, no shortcut of its own, so that every key
// belongs to the page and the guest in it. WebKitGTK, because both distributions have it and keep it safe; a browser for
// people keeps Ctrl-W, F5, F11 and more for itself, and guests need those.
//
//   browser.js FILE      a line of FILE says with which link: link=http://...
import Gdk from 'gi://Gdk?version=4.0';
import GLib from 'gi://GLib';
import Gtk from 'gi://Gtk?version=4.0';
import WebKit from 'gi://WebKit?version=6.0';
import system from 'system';

// How long a page that did not come is waited for (ms), before it is asked for again.
const patience = 2000;

const link = readLink(system.programArgs[0]);
const origin = originOf(link);
Gtk.init();
const loop = GLib.MainLoop.new(null, false);

// Nothing is kept on the disk: who starts this again gets a link again.
const view = new WebKit.WebView({
  network_session: WebKit.NetworkSession.new_ephemeral(),
  settings: new WebKit.Settings({
    enable_developer_extras: false,
    enable_page_cache: false,
    enable_back_forward_navigation_gestures: false,
    enable_webgl: false,
    enable_webrtc: false,
    enable_media: false,
    javascript_can_access_clipboard: false,
    javascript_can_open_windows_automatically: false,
    // Drawing by the processor where no graphics driver can: GL in software is slower than that.
    hardware_acceleration_policy:
      GLib.getenv('PHYLLOME_KIOSK_RENDERER') === 'software'
        ? WebKit.HardwareAccelerationPolicy.NEVER
        : WebKit.HardwareAccelerationPolicy.ALWAYS,
  }),
});
view.set_background_color(new Gdk.RGBA({ red: 0.06, green: 0.06, blue: 0.07, alpha: 1 }));

// Only the page of this PC: whatever else a link or a script asks for does not happen.
view.connect('decide-policy', (_view, decision, type) => {
  if (type === WebKit.PolicyDecisionType.RESPONSE) return false;
  const address = decision.get_navigation_action().get_request().get_uri();
  const isOurs = originOf(address) === origin;
  if (type === WebKit.PolicyDecisionType.NAVIGATION_ACTION && isOurs) return false;
  decision.ignore();
  return true;
});
view.connect('create', () => null);
view.connect('context-menu', () => true);
view.connect('permission-request', (_view, request) => {
  request.deny();
  return true;
});
// It would show the files of the user who runs this. Images are chosen in the page, from the folders of the service.
view.connect('run-file-chooser', (_view, request) => {
  request.cancel();
  return true;
});
view.network_session.connect('download-started', (_session, download) => download.cancel());

// A page that does not come, or whose process ended, comes again: with the cookie that the link bought.
let failing = false;
view.connect('load-failed', (_view, _event, address, error) => {
  printerr(`${withoutQuery(address)}: ${error.message}`);
  if (!failing) showWords('The service of this PC does not answer. Trying again…');
  failing = true;
  later(() => view.load_uri(`${origin}/?kiosk`));
  return true;
});
view.connect('web-process-terminated', (_view, reason) => {
  printerr(`the process of the page ended (${reason})`);
  later(() => view.load_uri(`${origin}/?kiosk`));
});
view.connect('load-changed', (_view, event) => {
  if (event === WebKit.LoadEvent.FINISHED && originOf(view.uri ?? '') === origin) failing = false;
});

const window = new Gtk.Window({ child: view, decorated: false, title: 'Phyllome' });
// GTK's own inspector can change and call anything in here.
window.connect('enable-debugging', () => true);
window.connect('close-request', () => true);
window.fullscreen();
window.present();
view.load_uri(link);
loop.run();

function later(what) {
  GLib.timeout_add(GLib.PRIORITY_DEFAULT, patience, () => {
    what();
    return GLib.SOURCE_REMOVE;
  });
}

function showWords(words) {
  view.load_html(
    `<body style="margin:0;height:100vh;display:grid;place-items:center;background:#101012;color:#fff;font:1.2em sans-serif">${words}`,
    null,
  );
}

function readLink(file) {
  if (file === undefined) throw new Error('usage: browser.js FILE');
  const [, bytes] = GLib.file_get_contents(file);
  const found = /^link=(\S+)$/m.exec(new TextDecoder().decode(bytes))?.[1] ?? '';
  if (originOf(found) === null) throw new Error('the service gave no link to a page of this PC');
  return found;
}

/** Scheme, host and port; null for what is no address of a page of this PC. */
function originOf(address) {
  return /^(https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5})(?=[/?#]|$)/.exec(address)?.[1] ?? null;
}

// A query holds the ticket.
function withoutQuery(address) {
  return address.split('?', 1)[0];
}
