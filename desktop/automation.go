//go:build desktop && e2e && linux

package main

// In a build with the tag e2e the window lets itself be driven over WebDriver. WebKit allows that only for views made so,
// and Wails makes its view itself: this definition of the constructor that it calls stands before the library's.

/*
#cgo linux pkg-config: gtk+-3.0 webkit2gtk-4.1
#include <webkit2/webkit2.h>

static WebKitWebView *view_given(WebKitAutomationSession *session, gpointer view) {
	return WEBKIT_WEB_VIEW(view);
}

static void session_started(WebKitWebContext *context, WebKitAutomationSession *session, gpointer view) {
	WebKitApplicationInfo *info = webkit_application_info_new();
	webkit_application_info_set_name(info, "Tandem");
	webkit_automation_session_set_application_info(session, info);
	webkit_application_info_unref(info);
	g_signal_connect(session, "create-web-view", G_CALLBACK(view_given), view);
}

GtkWidget *webkit_web_view_new_with_user_content_manager(WebKitUserContentManager *manager) {
	WebKitWebContext *context = webkit_web_context_get_default();
	GtkWidget *view = GTK_WIDGET(g_object_new(WEBKIT_TYPE_WEB_VIEW, "web-context", context, "user-content-manager", manager,
		"is-controlled-by-automation", TRUE, NULL));
	g_signal_connect(context, "automation-started", G_CALLBACK(session_started), view);
	webkit_web_context_set_automation_allowed(context, TRUE);
	return view;
}
*/
import "C"
