import Foundation
import PatchbayAPI
import PatchbayCore
import Testing

@testable import PatchbayWeb

/// What pages fetch by themselves, and what becomes of what somebody is typing meanwhile.
@Suite(
    .serialized, .enabled(if: Browser.path != nil, "needs Chromium: apt-get install chromium"), .timeLimit(.minutes(20))
)
struct `An open page` {
    private static let isLive = "document.querySelector('#live .words').textContent === 'live'"
    private static let asked =
        "performance.getEntriesByType('resource').filter((it) => it.name.includes('/fragments')).length"

    @Test func `asks for its parts when something has changed, not when it was made just now`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            for path in ["/", "/devices", "/vms/trainer-01"] {
                try await browser.go(address + path)
                try await browser.until(Self.isLive)
                _ = try await browser.value("new Promise((done) => setTimeout(done, 300))")
                #expect(try await browser.value(Self.asked) == "0", "\(path)")
            }
            await service.become(
                .atlas, Wire.event(42, "vm.attached", "vm trainer-01", "trainer-01 holds more.", ago: 0))
            try await browser.until("\(Self.asked) === 1")
        }
    }

    @Test func `keeps what is typed into settings while others change the pool`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/pools/a100")
            try await browser.until(Self.isLive)
            _ = try await browser.value(
                "(() => { const field = document.getElementById('description'); field.focus(); field.select(); })()")
            try await browser.type("for the night")
            var world = Demo.atlas
            world.pools[0].revision = 99
            world.pools[0].deviceClass = .fpga
            await service.become(world, Wire.event(42, "pool.edited", "pool a100", "Pool a100 was changed.", ago: 0))
            try await browser.until("document.getElementById('pool-revision').value === '99'")
            try await browser.until("document.getElementById('class').value === 'fpga'")
            #expect(try await browser.value("document.getElementById('description').value") == "for the night")
            #expect(try await browser.value("document.getElementById('rule-revision').value") == "99")
        }
    }

    @Test func `says that a host is being read, and stays where that fails`() async throws {
        let service = DemoService(.atlas)
        await service.refuse(Problem(.timedOut, "The agent of atlas did not report.", next: ["See the host."]))
        try await Browser.visit(service, refuses: true) { browser, address in
            try await browser.go(address + "/hosts/atlas")
            try await browser.click("form[action$='/refresh'] button")
            try await browser.until("document.querySelector('dialog')?.open")
            #expect(try await browser.value("document.querySelector('dialog').textContent").contains("did not report"))
            #expect(
                try await browser.value("document.querySelector('form[action$=\"/refresh\"] button').disabled")
                    == "false")
            try await browser.press("Escape")
            await service.refuse(nil)
            try await browser.click("form[action$='/refresh'] button")
            try await browser.until("document.querySelector('.notice')?.textContent.includes('was read again')")
            #expect(try await browser.value("location.pathname") == "/hosts/atlas")
        }
    }

    @Test func `is come back to without sending a form again`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + "/vms/build-3")
            // As it is sent without scripts.
            _ = try await browser.value("document.querySelector(\"form[action$='/start']\").submit()")
            try await browser.until("document.querySelector('#sheet-title')")
            try await browser.click(".sheet [data-close]")
            try await browser.until("location.pathname === '/vms/build-3' && document.querySelector('#vm-page')")
            _ = try await browser.value("history.back()")
            try await browser.until("document.querySelector('#sheet-title')?.textContent === 'Start build-3'")
        }
    }
}
