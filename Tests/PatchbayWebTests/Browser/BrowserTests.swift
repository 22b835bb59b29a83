import Foundation
import Hummingbird
import HummingbirdTesting
import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayWeb

/// The pages in a real browser: what scripts draw, drag and answer, and that nothing complains.
@Suite(
    .serialized, .enabled(if: Browser.path != nil, "needs Chromium: apt-get install chromium"), .timeLimit(.minutes(20))
)
struct `In a browser` {
    @Test func `cables are drawn from jack to inlet, one for each device in a VM`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + "/")
            try await browser.until("document.querySelectorAll('.cables .cable').length === 5")
            #expect(try await browser.value("document.querySelectorAll('.cables .is-allocated').length") == "1")
            let ends = try await browser.value(
                """
                (() => {
                  const path = document.querySelector('.cables .cable');
                  const box = document.querySelector('.cables').getBoundingClientRect();
                  const end = path.getPointAtLength(path.getTotalLength());
                  const socket = document.querySelector('.socket').getBoundingClientRect();
                  return Math.abs(end.x + box.left - socket.left) < 2 && Math.abs(end.y + box.top - socket.top - socket.height / 2) < 2;
                })()
                """)
            #expect(ends == "true")
            #expect(try await browser.value("document.querySelector('.cables').getAttribute('aria-hidden')") == "true")
        }
    }

    @Test func `a jack dragged to a VM shows the plan, and only Apply does it`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/")
            try await browser.drag("#jack-atlas-42-00-0", to: "#vm-build-3")
            try await browser.until("document.querySelector('dialog')?.open")
            #expect(
                try await browser.value("document.querySelector('#sheet-title').textContent").contains("to build-3"))
            try await browser.keepPicture("sheet")
            #expect(await service.done.isEmpty)
            try await browser.press("Enter", control: true)
            try await browser.until("location.pathname === '/vms/build-3' && document.querySelector('.notice')")
            #expect(await service.done == ["attach build-3"])
            #expect(await service.attachments.first?.device == "atlas/0000:42:00.0")
        }
    }

    @Test func `a cable pulled out into the open asks before it detaches`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/")
            try await browser.drag("#jack-atlas-41-00-0", to: ".bayhead")
            try await browser.until("document.querySelector('dialog')?.open")
            #expect(
                try await browser.value("document.querySelector('#sheet-title').textContent")
                    == "Detach atlas/41:00.0 from trainer-01")
            try await browser.press("Escape")
            try await browser.until("!document.querySelector('dialog').open")
            #expect(await service.done.isEmpty)
        }
    }

    @Test func `everything that is dragged can be done by keys`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + "/")
            try await browser.press("ArrowDown")
            try await browser.until("document.activeElement.id === 'jack-atlas-41-00-0'")
            try await browser.press("ArrowRight")
            try await browser.until("document.activeElement.textContent === 'trainer-01'")
            try await browser.press("ArrowLeft")
            try await browser.until("document.activeElement.id === 'jack-atlas-41-00-0'")
            try await browser.press("x")
            try await browser.until("document.querySelector('dialog')?.open")
            try await browser.press("Escape")
            try await browser.until("!document.querySelector('dialog').open")
            try await browser.press("ArrowDown")
            try await browser.press(" ")
            try await browser.until("!document.getElementById('selection').hidden")
            #expect(
                try await browser.value("document.querySelector('#selection a').getAttribute('href')").contains(
                    "42%3A00.0"))
            try await browser.press("c")
            try await browser.until("document.activeElement.id === 'connect-vm'")
            #expect(
                try await browser.value("document.getElementById('connect-what').value") == "device:atlas/0000:42:00.0")
            try await browser.press("Escape")
            try await browser.press("g")
            try await browser.press("d")
            try await browser.until("location.pathname === '/devices'")
        }
    }

    @Test func `the members of a group light up together`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + "/")
            _ = try await browser.value("document.getElementById('jack-atlas-c1-00-0').focus()")
            try await browser.until("document.querySelectorAll('.jack.lit').length === 2")
            #expect(
                try await browser.value("document.getElementById('jack-atlas-c1-00-1').classList.contains('lit')")
                    == "true")
        }
    }

    @Test func `a filter answers while one types, and the address follows`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + "/devices")
            _ = try await browser.value("document.getElementById('filter').focus()")
            try await browser.type("state=free")
            try await browser.until("document.querySelectorAll('.devices tbody tr').length === 3")
            #expect(try await browser.value("location.search") == "?filter=state%3Dfree")
        }
    }

    @Test func `what is ticked stays ticked while the list becomes another`() async throws {
        try await Browser.visit(DemoService(.usb)) { browser, address in
            try await browser.go(address + "/devices?kind=usb")
            try await browser.click("#row-atlas-usb-1-4 input")
            try await browser.click("#row-atlas-usb-1-5-2 input")
            try await browser.until("document.querySelector('[data-count]').textContent === '2 selected'")
            _ = try await browser.value("document.getElementById('filter').focus()")
            try await browser.type("nfc")
            try await browser.until("document.querySelectorAll('.devices tbody tr').length === 1")
            #expect(try await browser.value("document.querySelector('[data-count]').textContent") == "2 selected")
            try await browser.keepPicture("usb-ticked")
            try await browser.click("th.col-serial a")
            try await browser.until("location.search.includes('sort=serial')")
            try await browser.until("document.querySelector('[data-count]')?.textContent === '2 selected'")
            try await browser.click(".actionbar button")
            try await browser.until("location.pathname === '/passthrough'")
            #expect(try await browser.value("document.querySelectorAll('input[name=device]').length") == "2")
        }
    }

    @Test func `a click counts though the part is redrawn while the button is down`() async throws {
        try await Browser.visit(DemoService(.usb)) { browser, address in
            try await browser.go(address + "/devices?kind=usb")
            try await browser.click("#row-atlas-usb-1-4 input")
            try await browser.until("document.querySelector('[data-count]').textContent === '1 selected'")
            let answers =
                "performance.getEntriesByType('resource').filter((it) => it.name.includes('/fragments/')).length"
            try await browser.click(".actionbar button") {
                let before = try await browser.value(answers)
                _ = try await browser.value("import('/assets/live.js').then((live) => live.refresh())")
                try await browser.until("\(answers) > \(before)")
            }
            try await browser.until("location.pathname === '/passthrough'")
        }
    }

    @Test func `a form for a pool shows the facts of its kind`() async throws {
        try await Browser.visit(DemoService(.usb)) { browser, address in
            try await browser.go(address + "/pools/new")
            let hidden = "document.querySelector('[data-shown-when=\"kind=usb\"]').hidden"
            try await browser.until(hidden)
            _ = try await browser.value(
                "(() => { const kind = document.getElementById('kind'); kind.value = 'usb'; "
                    + "kind.dispatchEvent(new Event('change')); })()")
            try await browser.until("!" + hidden)
            try await browser.keepPicture("usb-pool-new")
        }
    }

    @Test(arguments: [390, 1200]) func `pages on USB fit into their window`(_ width: Int) async throws {
        try await Browser.visit(DemoService(.usb), width: width, height: 900) { browser, address in
            for path in [
                "/devices?kind=usb", "/devices/atlas/usb-1-4", "/devices/atlas/usb-1-3", "/devices/atlas/00:14.0",
                "/pools/sticks", "/vms/router", "/hosts/atlas", "/passthrough?device=atlas/usb-1-4", "/pools",
            ] {
                try await browser.go(address + path)
                let tooWide = try await browser.value(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth")
                #expect(tooWide == "0", "\(path) is \(tooWide) px too wide for \(width)")
                try await browser.keepPicture("usb-\(width)\(path)")
            }
        }
    }

    @Test func `a page that has lost its server still fits into a narrow window`() async throws {
        try await Browser.visit(DemoService(.atlas), width: 360, height: 900) { browser, address in
            try await browser.go(address + "/pools/new")
            let tooWide = try await browser.value(
                """
                (() => { document.querySelector("#live .words").textContent = "not live since 23:59, retrying";
                return document.documentElement.scrollWidth - document.documentElement.clientWidth; })()
                """)
            #expect(tooWide == "0")
        }
    }

    @Test func `a change elsewhere appears by itself and keeps what is ticked`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/devices")
            try await browser.until("document.querySelector('#live .words').textContent === 'live'")
            try await browser.click("#row-atlas-d1-00-0 input")
            var world = Demo.atlas
            world.devices[1].state = .blocked
            await service.become(
                world, Wire.event(42, "device.changed", "device atlas/0000:42:00.0", "42:00.0 is blocked now.", ago: 0))
            try await browser.until("document.querySelector('#row-atlas-42-00-0 .state-blocked')")
            #expect(try await browser.value("document.querySelector('#row-atlas-d1-00-0 input').checked") == "true")
            #expect(try await browser.value("document.getElementById('said').textContent") == "42:00.0 is blocked now.")
        }
    }

    @Test func `the choice of colours applies at once and stays`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + "/")
            try await browser.click(".theme button")
            try await browser.until("document.documentElement.dataset.theme === 'dark'")
            #expect(try await browser.value("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)")
            try await browser.go(address + "/vms")
            #expect(try await browser.value("document.documentElement.dataset.theme") == "dark")
        }
    }

    @Test func `folded lanes keep their cables`() async throws {
        try await Browser.visit(DemoService(.fleet(hosts: 1, devices: 30))) { browser, address in
            try await browser.go(address + "/")
            #expect(try await browser.value("document.querySelectorAll('details.lane').length") == "2")
        }
    }

    @Test(arguments: [360, 768, 1200]) func `no page is wider than its window`(_ width: Int) async throws {
        try await Browser.visit(DemoService(.atlas), width: width, height: 900) { browser, address in
            for path in Pages.paths + Pages.atlasPaths {
                try await browser.go(address + path)
                let tooWide = try await browser.value(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth")
                #expect(tooWide == "0", "\(path) is \(tooWide) px too wide for \(width)")
                try await browser.keepPicture("\(width)\(path)")
            }
        }
    }

    @Test(arguments: [360, 1200, 1680]) func `a host of 559 functions fits into its window`(_ width: Int) async throws {
        let service = DemoService(.large)
        #expect(await service.world.devices.count == 559)
        try await Browser.visit(service, width: width, height: 1800) { browser, address in
            try await browser.go(address + "/hosts/colossus")
            let tooWide = try await browser.value(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth")
            #expect(tooWide == "0")
            // Every function is a link, folded or not, with text that can be read out.
            let links = "[...document.querySelectorAll('#host-topology a[href]')]"
            #expect(
                try await browser.value(
                    "\(links).filter(a => a.classList.contains('box') || a.classList.contains('leaf')).length") >= "460"
            )
            #expect(
                try await browser.value(
                    "\(links).every(a => (a.getAttribute('aria-label') || a.textContent).trim().length > 4)") == "true")
            // Folded, the drawing is no longer than some screens.
            let height = try await browser.value("Math.round(document.getElementById('host-topology').offsetHeight)")
            #expect((Int(height) ?? .max) < (width < 600 ? 8000 : 3600), "\(height) px")
            try await browser.keepPicture("\(width)-large")
        }
    }

    @Test func `what shares a group lights up in the drawing`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + "/hosts/atlas")
            // What offers copies is what lights up: it is there now.
            try await browser.until("document.querySelector('.fixhead .copy')")
            _ = try await browser.value("document.querySelector('.box[data-unit=\"atlas-31\"]').focus()")
            try await browser.until("document.querySelectorAll('.box.lit').length === 2")
        }
    }
}
