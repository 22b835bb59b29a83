import PatchbayAPI
import PatchbayCore
import Testing

@testable import PatchbayWeb

/// The page of what is not there.
extension `In a browser` {
    private static let question =
        "/whatif?change=drain&what=atlas&vms=20&vcpus=8&memoryMiB=32768&cells=2&hosts=atlas&labels=zone%3Da&pool=a100&count=2"
    private static let said = "document.getElementById('whatif-answer').dataset.said"

    private static func choose(_ selector: String, _ value: String) -> String {
        """
        (() => { const f = document.querySelector("\(selector)"); f.focus(); f.value = "\(value)";
        f.dispatchEvent(new Event("input", { bubbles: true })); })()
        """
    }

    @Test func `the answer follows the form, and the address with it`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/whatif")
            #expect(try await browser.value(Self.said) == "3 pools: 36 of 96 devices free.")
            _ = try await browser.value(Self.choose("select[name=change]", "drain"))
            try await browser.until("document.getElementById('hint-change-1').textContent.includes('is missing')")
            _ = try await browser.value("document.querySelector('input[name=what]').focus()")
            try await browser.type("atlas")
            try await browser.until("\(Self.said).startsWith('1 cannot be placed')")
            #expect(try await browser.value("document.getElementById('hint-change-1').textContent") == "")
            #expect(try await browser.value("location.search") == "?change=drain&what=atlas")
            #expect(try await browser.value("document.activeElement.value") == "atlas")
            #expect(try await browser.value("document.querySelectorAll('.changeline').length") == "2")
            // A VM of a size, twenty times.
            _ = try await browser.value(Self.choose("input[name=vms]", "20"))
            _ = try await browser.value(Self.choose("select[name=pool]", "a100"))
            try await browser.until("\(Self.said).endsWith('17 of 20 fit.')")
            #expect(
                try await browser.value("location.search") == "?change=drain&what=atlas&vms=20&pool=a100")
            #expect(try await browser.value("document.getElementById('said').textContent") == browser.value(Self.said))
            // The address asks the same.
            try await browser.go(try await browser.value("location.href"))
            #expect(try await browser.value(Self.said).hasSuffix("17 of 20 fit."))
            #expect(await service.scenario.last?.count == 20)
        }
    }

    @Test func `half a name is said calmly, and what is not known keeps the form`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + "/whatif?change=drain&what=atl")
            #expect(
                try await browser.value("document.querySelector('#whatif-answer .sentence').textContent").contains(
                    "atl"))
            _ = try await browser.value("document.querySelector('input[name=what]').focus()")
            _ = try await browser.value("document.querySelector('input[name=what]').setSelectionRange(9, 9)")
            try await browser.type("as")
            try await browser.until("\(Self.said).startsWith('1 cannot be placed')")
            #expect(try await browser.value("document.querySelectorAll('.problem').length") == "0")
        }
    }

    @Test func `a change elsewhere is in the answer by itself`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/whatif")
            try await browser.until("document.querySelector('#live .words').textContent === 'live'")
            var world = Demo.atlas
            world.pools.removeLast()
            await service.become(world, Wire.event(42, "pool.deleted", "pool vfs", "Pool vfs is deleted.", ago: 0))
            try await browser.until("\(Self.said) === '2 pools: 24 of 64 devices free.'")
        }
    }

    @Test(arguments: [390, 900, 1200])
    func `a question and its answer fit into the window, in both colours`(_ width: Int) async throws {
        try await Browser.visit(DemoService(.atlas), width: width, height: 900) { browser, address in
            for path in [
                Self.question, "/whatif", "/pools/a100", "/hosts/atlas", "/whatif?change=drain&what=mars&vms=x",
                "/vms/new", "/vms/new?vm=trainer-03&pin=core&pool=a100&count=9&labels=zone%3Da",
            ] {
                for theme in ["light", "dark"] {
                    try await browser.go(address + path)
                    _ = try await browser.value("document.documentElement.dataset.theme = '\(theme)'")
                    let tooWide = try await browser.value(
                        "document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    #expect(tooWide == "0", "\(path) is \(tooWide) px too wide for \(width)")
                    try await browser.keepPicture("look-\(width)-\(theme)-\(path)")
                }
            }
        }
    }

    @Test func `where a new VM would go follows its form`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            let said = "document.getElementById('vm-preview').dataset.said"
            try await browser.go(address + "/vms/new")
            #expect(try await browser.value(said) == "It fits on atlas.")
            _ = try await browser.value(Self.choose("select[name=pool]", "a100"))
            _ = try await browser.value(Self.choose("input[name=count]", "9"))
            try await browser.until("\(said) === 'It does not fit now.'")
            #expect(try await browser.value("document.querySelectorAll('.wishline').length") == "2")
            try await browser.go(
                try await browser.value("document.querySelector('#vm-preview .fixdo a[href$=\"pool=a100\"]').href"))
            #expect(try await browser.value(said) == "It fits on atlas.")
            #expect(try await browser.value("document.querySelector('input[name=count]').value") == "1")
        }
    }

    @Test func `every field and button of the question can be reached and has a name`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + Self.question)
            let nameless = try await browser.value(
                """
                [...document.querySelectorAll('#whatif-page :is(input, select, textarea, button, summary, a)')].filter((e) =>
                  e.tabIndex < 0 || !(e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent).trim()).length
                """)
            #expect(nameless == "0")
            #expect(
                try await browser.value(
                    "[...document.querySelectorAll('#whatif-answer table')].every("
                        + "(t) => t.getAttribute('aria-label') && t.querySelector('th[scope=row]'))"
                ) == "true")
        }
    }
}
