import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayTesting
import Testing

@testable import PatchbayWeb

/// What forms answer while one types.
extension `In a browser` {
    private static func heading(_ words: String) -> String {
        "document.querySelector('#rule-preview h2').textContent === '\(words)'"
    }

    /// Chooses as a person does: the page is told.
    private static func choose(_ selector: String, _ value: String) -> String {
        """
        (() => { const f = document.querySelector("\(selector)"); f.focus(); f.value = "\(value)";
        f.dispatchEvent(new Event("input", { bubbles: true })); })()
        """
    }

    @Test(.requirements("V34"), arguments: ["/pools/ada", "/pools/ada/rules"])
    func `a rule's matches follow the entry, without a click`(_ path: String) async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + path)
            _ = try await browser.value(Self.choose("select[name=field]", "vendor"))
            _ = try await browser.value("document.querySelector('input[name=value]').focus()")
            try await browser.type("10de")
            try await browser.until(Self.heading("Matches 4 devices"))
            #expect(
                try await browser.value("document.getElementById('said').textContent")
                    == "Matches 4 devices. 3 devices enter ada")
            // A second condition, on a second line, narrows it.
            _ = try await browser.value(
                Self.choose(".conditionline:nth-child(2) select[name=field]", "numa"))
            _ = try await browser.value(
                "document.querySelector('.conditionline:nth-child(2) input[name=value]').focus()")
            try await browser.type("0")
            try await browser.until(Self.heading("Matches 2 devices"))
            #expect(try await browser.value("document.querySelectorAll('#rule-preview details .member').length") == "2")
            // What is focused and typed is as it was.
            #expect(try await browser.value("document.activeElement.value") == "0")
            #expect(try await browser.value("location.pathname") == path)
            try await browser.keepPicture("typing\(path)")
        }
    }

    @Test func `half a word says so beside it, and what matched before stays`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + "/pools/ada/rules")
            _ = try await browser.value(Self.choose("select[name=field]", "name"))
            _ = try await browser.value(Self.choose("select[name=comparison]", "~"))
            _ = try await browser.value("document.querySelector('input[name=value]').focus()")
            try await browser.type("A100")
            try await browser.until(Self.heading("Matches 2 devices"))
            try await browser.type("(")
            try await browser.until("document.getElementById('hint-condition-1').textContent !== ''")
            #expect(try await browser.value(Self.heading("Matches 2 devices")) == "true")
            #expect(
                try await browser.value("document.getElementById('rule-preview').classList.contains('waiting')")
                    == "true")
            #expect(try await browser.value("document.querySelectorAll('.problem').length") == "0")
            try await browser.keepPicture("typing-half")
            try await browser.type(" PCIe)")
            try await browser.until("document.getElementById('hint-condition-1').textContent === ''")
            #expect(
                try await browser.value("document.getElementById('rule-preview').classList.contains('waiting')")
                    == "false")
        }
    }

    @Test func `there is always one empty line more`() async throws {
        try await Browser.visit(DemoService(.atlas)) { browser, address in
            try await browser.go(address + "/pools/ada/rules")
            let count = "document.querySelectorAll('.conditionline').length"
            #expect(try await browser.value(count) == "2")
            _ = try await browser.value(Self.choose(".conditionline:nth-child(2) select[name=field]", "numa"))
            try await browser.until("\(count) === 3")
            #expect(
                try await browser.value(
                    "document.querySelector('.conditionline:nth-child(3) input').getAttribute('aria-describedby')")
                    == "hint-condition-3")
            #expect(
                try await browser.value("new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size")
                    == browser.value("document.querySelectorAll('[id]').length"))
            // It can be typed into, and another comes.
            _ = try await browser.value(Self.choose(".conditionline:nth-child(3) select[name=field]", "vendor"))
            try await browser.until("\(count) === 4")
        }
    }

    @Test func `the server is asked once for a word, not for every letter`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/pools/ada/rules")
            _ = try await browser.value(
                """
                (() => { document.querySelector("select[name=field]").value = "vendor";
                const v = document.querySelector("input[name=value]");
                for (const letter of "10de") { v.value += letter; v.dispatchEvent(new Event("input", { bubbles: true })); } })()
                """)
            try await browser.until(Self.heading("Matches 4 devices"))
            // The rule alone, and the pool with it.
            #expect(await service.previews == 2)
        }
    }

    @Test func `a change elsewhere is in the preview by itself`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/pools/ada")
            try await browser.until("document.querySelector('#live .words').textContent === 'live'")
            _ = try await browser.value(Self.choose("select[name=field]", "vendor"))
            _ = try await browser.value("document.querySelector('input[name=value]').focus()")
            try await browser.type("10de")
            try await browser.until(Self.heading("Matches 4 devices"))
            var world = Demo.atlas
            world.devices.removeAll { $0.address == "0000:42:00.0" }
            await service.become(world, Wire.event(42, "device.changed", "device atlas/0000:42:00.0", "", ago: 0))
            try await browser.until(Self.heading("Matches 3 devices"))
            #expect(try await browser.value("document.querySelector('input[name=value]').value") == "10de")
        }
    }

    @Test func `a claim's explanation follows the form, and Create makes it`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            let headline = "document.querySelector('#claim-preview .headline b')?.textContent"
            try await browser.go(address + "/claims/new")
            _ = try await browser.value(Self.choose("select[name=pool]", "a100"))
            try await browser.until("\(headline) === 'It fits: atlas would serve it.'")
            try await browser.keepPicture("claim-fits")
            _ = try await browser.value(Self.choose("input[name=count]", "3"))
            try await browser.until("\(headline) === 'Nothing fits now: the only host cannot serve it.'")
            #expect(
                try await browser.value("document.getElementById('said').textContent")
                    == "Nothing fits now: the only host cannot serve it.")
            try await browser.keepPicture("claim-lacks")
            // What would make it fit is a button.
            try await browser.click("button[name=use]")
            try await browser.until("\(headline) === 'It fits: atlas would serve it.'")
            try await browser.until("document.documentElement.classList.contains('js-on')")
            #expect(try await browser.value("document.querySelector('input[name=count]').value") == "1")
            _ = try await browser.value("document.getElementById('owner').focus()")
            try await browser.type("slurm/job-18")
            try await browser.click("#claim-form .primary")
            try await browser.until("document.querySelector('dialog')?.open")
            #expect(await service.claimDrafts.isEmpty)
            try await browser.press("Enter", control: true)
            try await browser.until("location.pathname.startsWith('/claims/c-')")
            let draft = try #require(await service.claimDrafts.first)
            #expect(draft.owner.name == "slurm/job-18")
            #expect(draft.requests.map(\.count) == [1])
        }
    }

    @Test func `a second request appears when the first is chosen, and both are explained`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/claims/new")
            _ = try await browser.value(Self.choose("select[name=pool]", "a100"))
            try await browser.until("document.querySelectorAll('.wishline').length === 2")
            #expect(
                try await browser.value("document.querySelector('.wishline:nth-child(2) legend').textContent")
                    == "Request 2")
            _ = try await browser.value(Self.choose(".wishline:nth-child(2) select[name=pool]", "vfs"))
            try await browser.until(
                "document.querySelectorAll('#claim-preview .held .member').length === 2")
            #expect(await service.explained.last?.requests.map(\.pool) == ["a100", "vfs"])
        }
    }

    @Test func `a claim that is released elsewhere leaves the list by itself`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/claims")
            try await browser.until("document.querySelector('#live .words').textContent === 'live'")
            var world = Demo.atlas
            world.claims.removeAll { $0.id == "job-17" }
            await service.become(
                world, Wire.event(42, "claim.released", "claim job-17", "Claim job-17 is released.", ago: 0))
            try await browser.until("!document.getElementById('claimrow-job-17')")
            #expect(try await browser.value("document.getElementById('claims-shown').textContent") == "2 claims")
        }
    }

    @Test func `what the explanation has open stays open when something changes`() async throws {
        let service = DemoService(.atlas)
        try await Browser.visit(service) { browser, address in
            try await browser.go(address + "/claims/night")
            try await browser.until("document.querySelector('#live .words').textContent === 'live'")
            try await browser.click("#fit-atlas > summary")
            try await browser.until("!document.getElementById('fit-atlas').open")
            var world = Demo.atlas
            world.claims[2].priority = 9
            await service.become(world, Wire.event(43, "claim.changed", "claim night", "", ago: 0))
            try await browser.until("document.getElementById('claim-wants').textContent.includes('9')")
            #expect(try await browser.value("document.getElementById('fit-atlas').open") == "false")
        }
    }
}
