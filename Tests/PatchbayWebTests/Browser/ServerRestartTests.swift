import Foundation
import PatchbayAPI
import PatchbayClient
import PatchbayTesting
import Testing

/// The built server, stopped and started again under an open page.
extension `In a browser` {
    @Test func `a page outlives a restart of the server with its session, live, and with what was typed`() async throws
    {
        let folder = "/tmp/pb-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try ServerProcess(in: folder)
        let port = try #require(await first.port())
        let token = try String(contentsOfFile: folder + "/token", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        // Refused and broken requests are errors in a browser's console, so nobody looks there.
        try await Browser.open { browser in
            let address = "http://127.0.0.1:\(port)"
            try await browser.go(address + "/login?next=/pools/new")
            _ = try await browser.value("document.querySelector('#token').focus()")
            try await browser.type(token)
            try await browser.press("Enter")
            try await browser.until("location.pathname === '/pools/new' && document.querySelector('#live.is-live')")
            // The page has seen an event, and asks for those after it.
            _ = try await first.client.createPool(API.PoolDraft(name: "first"), dryRun: false)
            try await browser.until("document.querySelector('#said').textContent.includes('first')")
            _ = try await browser.value("document.querySelector('input[name=pool]').focus()")
            try await browser.type("sec")
            _ = try await browser.value("window.isTheSamePage = true")

            first.terminate()
            #expect(await first.exitCode() == 0)
            try await browser.until("document.querySelector('#live.is-off')")
            try await browser.type("ond")
            let second = try ServerProcess(in: folder, listen: "127.0.0.1:\(port)")
            #expect(await second.port() == port)

            try await browser.until("document.querySelector('#live.is-live')")
            #expect(try await browser.value("window.isTheSamePage") == "true")
            #expect(try await browser.value("document.querySelector('#live').textContent.trim()") == "● live")
            #expect(try await browser.value("document.querySelector('input[name=pool]').value") == "second")
            try await browser.keepPicture("restarted")
            _ = try await browser.value("document.querySelector('main form[data-sheet]').requestSubmit()")
            try await browser.until("document.querySelector('#sheet-title')?.textContent === 'Create pool second'")
            _ = try await browser.value("document.querySelector('[data-apply]').click()")
            try await browser.until("location.pathname === '/pools/second'")
            #expect(try await second.client.pools().map(\.name) == ["first", "second"])
            second.terminate()
            #expect(await second.exitCode() == 0)
        }
    }
}
