import HummingbirdTesting
import Testing

@testable import PatchbayWeb

/// What a page is worth when its session, or its server, was gone for a while.
extension `In a browser` {
    @Test func `a form that is sent after its session ended keeps what was typed`() async throws {
        let session = DemoSession()
        try await Self.visit(session) { browser, address in
            try await browser.go(address + "/vms/new")
            _ = try await browser.value("document.querySelector('input[name=vm]').focus()")
            try await browser.type("trainer-09")
            session.end()
            _ = try await browser.value("document.querySelector('#vm-form').requestSubmit()")
            try await browser.until("document.querySelector('dialog')?.open")
            #expect(
                try await browser.value("document.querySelector('#sheet-title').textContent") == "Your session ended")
            #expect(try await browser.value("document.querySelector('dialog').textContent").contains("{") == false)
            #expect(try await browser.value("document.querySelector('input[name=vm]').value") == "trainer-09")
            try await browser.until("document.querySelector('#live a[href^=\"/login\"]')")
            try await browser.keepPicture("session-ended")
            // Somebody logs in, in another tab.
            session.begin()
            _ = try await browser.value("document.querySelector('[data-close]').click()")
            _ = try await browser.value("document.querySelector('input[name=disk]').value = '/images/t.qcow2'")
            _ = try await browser.value("document.querySelector('#vm-form').requestSubmit()")
            try await browser.until("document.querySelector('dialog')?.open")
            try await browser.until("document.querySelector('#sheet-title').textContent.includes('trainer-09')")
            try await browser.keepPicture("session-new")
        }
    }

    @Test func `a page is live again when its session is`() async throws {
        let session = DemoSession()
        try await Self.visit(session) { browser, address in
            try await browser.go(address + "/vms")
            try await browser.until("document.querySelector('#live.is-live')")
            session.end()
            let comesBack = "document.dispatchEvent(new Event('visibilitychange'))"
            _ = try await browser.value("import('/assets/live.js').then((live) => live.refresh())")
            try await browser.until("document.querySelector('#live a[href^=\"/login\"]')")
            _ = try await browser.value(comesBack)
            #expect(try await browser.value("document.querySelectorAll('#live.is-live').length") == "0")
            session.begin()
            _ = try await browser.value(comesBack)
            try await browser.until("document.querySelector('#live.is-live')")
            #expect(try await browser.value("document.querySelector('#live').textContent.trim()") == "● live")
            // The form tokens are those of the new session.
            #expect(
                try await browser.value("document.querySelector('input[name=formToken]').value")
                    == session.formToken)
        }
    }

    @Test func `times go on`() async throws {
        try await Self.visit(DemoSession()) { browser, address in
            try await browser.go(address + "/plans")
            _ = try await browser.value(
                """
                (() => { const main = document.querySelector('main');
                main.insertAdjacentHTML('beforeend', '<time id="t1">just now</time><time id="t2">in 9 s</time>');
                const at = (s) => new Date(Number(main.dataset.now) + s * 1000).toISOString();
                document.getElementById('t1').dateTime = at(-75); document.getElementById('t2').dateTime = at(3600); })()
                """)
            try await browser.until("document.getElementById('t1').textContent === '1 min ago'")
            try await browser.until("/^in (59 min|1 h)$/.test(document.getElementById('t2').textContent)")
        }
    }

    /// Refused requests are errors in a browser's console, so nobody looks there.
    private static func visit(
        _ session: DemoSession, _ test: @escaping @Sendable (Browser, String) async throws -> Void
    ) async throws {
        try await DemoApp.app(DemoService(.atlas), session: session).test(.live) { client in
            try await Browser.open { browser in try await test(browser, "http://127.0.0.1:\(client.port ?? 0)") }
        }
    }
}
