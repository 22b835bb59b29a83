import PatchbayTesting
import Testing

@testable import PatchbayCore

@Suite struct `Rules that are made from a device` {
    private static func key(_ text: String) -> DeviceKey { Bay.key(text) }

    @Test(.requirements("C2", "D7"), arguments: ["01:00.0", "usb-1-3"])
    func `follow it to where it is now`(_ device: String) throws {
        let before = Bay { bay in
            bay.disk("01:00.0", slot: 1)
            bay.key("1-3")
        }
        let after = Bay { bay in
            bay.disk("05:00.0", slot: 1)
            bay.key("2-3")
        }
        var rule = before.rule(device)
        let known = try #require(rule.device(on: "atlas"))
        let moved = DeviceRecognizer(after.inventory, before: before.inventory).recognise(
            known.identity, at: known.key)
        let new = Self.key(device.hasPrefix("usb") ? "usb-2-3" : "05:00.0")
        #expect(moved == .moved(new))
        #expect(after.inventory[new].map { Self.matches(rule, $0) } == false)
        rule.follow(to: new)
        #expect(after.inventory[new].map { Self.matches(rule, $0) } == true)
        #expect(rule.madeFrom == DeviceID(host: "atlas", key: new) && rule.name.hasPrefix("atlas/\(new.short) "))
        #expect(rule.device(on: "atlas")?.key == new && rule.device(on: "boreas") == nil)
    }

    private static func matches(_ rule: Rule, _ device: any Device) -> Bool { rule.matches(device, on: "atlas") }

    @Test(.requirements("C2")) func `do not match another disk of the same model in its place`() throws {
        let before = Bay { $0.disk("01:00.0", slot: 1, serial: "S4EVNX0R1001") }
        let swapped = Bay { $0.disk("01:00.0", slot: 1, serial: "S4EVNX0R9999") }
        let made = Pool(name: "made", rules: [before.rule("01:00.0")])
        let any = Pool(name: "any", rules: [Rule(name: "nvme", conditions: [Condition(.class, .begins, "0108")])])
        let here = Self.key("01:00.0")
        #expect(before.view([made, any]).pools(of: here) == ["any", "made"])
        let view = swapped.view([made, any])
        #expect(view.pools(of: here) == ["any"])
        let misled = try #require(view.membership.misled["made"]?.first)
        #expect(
            misled.device == here
                && misled.recognition.words.last == "The NVMe serial was S4EVNX0R1001 and is now S4EVNX0R9999.")
        let alone = swapped.view([made])
        #expect(alone.state(of: here).reason.hasSuffix("of pool made was made for the device that was here before."))
        guard case .noFit(_, let fits) = alone.place([Request(name: "r", target: .pool("made"))]) else {
            Issue.record("the wrong disk was given away")
            return
        }
        let reason = fits.first { $0.device.key == here }?.reason
        #expect(reason?.code == .deviceChanged && reason?.sentence.contains("is now S4EVNX0R9999.") == true)
    }

    @Test func `name a device by its place only as long as they ask for it`() {
        let bay = Bay { bay in
            bay.disk("01:00.0", slot: 1)
            bay.key("1-3", serial: "0001A2B3C4")
        }
        var rule = bay.rule("01:00.0")
        rule.conditions[0].value = "01:00.0"
        #expect(rule.device(on: "atlas")?.key == Self.key("01:00.0"))
        rule.conditions.removeFirst()
        #expect(rule.device(on: "atlas") == nil)
        #expect(bay.rule("usb-1-3").device(on: "atlas") == nil, "its serial says which it is")
    }

    @Test func `are told to be of a device that is gone, and hold nothing`() throws {
        let pool = Pool(
            name: "made", rules: [Bay { $0.disk("01:00.0", slot: 1, serial: "S4EVNX0R1001") }.rule("01:00.0")])
        let misled = try #require(Bay { _ in }.view([pool]).membership.misled["made"]?.first)
        #expect(misled.recognition == .gone && misled.there == nil)
    }
}

@Suite struct `What a VM knows of a device` {
    @Test(.requirements("C2", "D7")) func `tells it from another one in its place, of both kinds`() {
        let before = Bay { bay in
            bay.disk("01:00.0", slot: 1, serial: "S4EVNX0R1001")
            bay.key("1-3")
            bay.key("1-4", serial: "0001A2B3C4")
        }
        let known = ["01:00.0", "usb-1-3", "usb-1-4"].map { before.known($0, $0) }
        #expect(before.inventory.check(known).allSatisfy { !$0.isStranger && !$0.isGroupChanged })
        let after = Bay { bay in
            bay.disk("01:00.0", slot: 1, serial: "S4EVNX0R9999")
            bay.key("1-3", model: 0x0010)
            bay.key("1-4", serial: "0009A8B7C6")
        }
        let checks = after.inventory.check(known)
        #expect(checks.map(\.isStranger) == [true, true, true])
        #expect(
            checks[0].comparison == [
                "expected: NVMe serial S4EVNX0R1001; place pci0000:00/01.0/00.0; model 144d:a808",
                "at 0000:01:00.0: NVMe serial S4EVNX0R9999; place pci0000:00/01.0/00.0; model 144d:a808",
            ])
        #expect(checks[2].comparison.last == "at usb-1-4: USB serial 0009A8B7C6; model 1050:0407")
    }

    @Test func `finds it in another place, where nothing is in its own or another one is`() {
        let before = Bay { $0.disk("01:00.0", slot: 1, serial: "S4EVNX0R1001") }
        let known = [before.known("r", "01:00.0")]
        let after = Bay { bay in
            bay.disk("01:00.0", slot: 1, serial: "S4EVNX0R9999")
            bay.disk("02:00.0", slot: 2, serial: "S4EVNX0R1001")
        }
        #expect(after.inventory.check(known)[0].recognition == .moved(Bay.key("02:00.0")))
        let pulled = Bay { _ in }.inventory.check(known)[0]
        #expect(pulled.recognition == .gone && !pulled.isStranger)
    }

    @Test(.requirements("C7")) func `tells what came into its group and what left it, whatever the number`() {
        let before = Bay { bay in
            bay.disk("01:00.0", slot: 1)
            bay.graphics("02:00.0", slot: 2, function: 0, group: 7)
            bay.graphics("02:00.1", slot: 2, function: 1, group: 7)
        }
        let known = [before.known("card", "02:00.0")]
        #expect(known[0].mates == ["10de:22bc function 1 of its card"])
        let renumbered = Bay { bay in
            bay.graphics("02:00.0", slot: 2, function: 0, group: 9)
            bay.graphics("02:00.1", slot: 2, function: 1, group: 9)
        }
        #expect(renumbered.inventory.check(known)[0].isGroupChanged == false)
        let moved = Bay { bay in
            bay.graphics("03:00.0", slot: 3, function: 0, group: 9)
            bay.graphics("03:00.1", slot: 3, function: 1, group: 9)
        }
        let elsewhere = moved.inventory.check([
            KnownDevice(
                request: "card", device: Bay.key("03:00.0"), identity: moved.known("", "03:00.0").identity,
                mates: known[0].mates)
        ])
        #expect(elsewhere[0].isGroupChanged == false, "it took its other function along")
        let merged = Bay { bay in
            bay.disk("01:00.0", slot: 1, group: 7)
            bay.graphics("02:00.0", slot: 2, function: 0, group: 7)
            bay.graphics("02:00.1", slot: 2, function: 1, group: 8)
        }
        let check = merged.inventory.check(known)[0]
        #expect(check.joined == ["0000:01:00.0 Device 144d:a808"] && check.left == ["10de:22bc function 1 of its card"])
        #expect(
            check.groupSentence
                == "The IOMMU group of 0000:02:00.0 changed since the last start: 0000:01:00.0 Device 144d:a808 came; "
                + "10de:22bc function 1 of its card went.")
    }

    @Test func `keeps bridges out: they stay with the host`() {
        let bay = Bay { bay in
            bay.disk("01:00.0", slot: 1)
            bay.plug("00:01.0", at: "pci0000:00/01.0", class: 0x060400, model: 0x8086_2030, group: 1)
        }
        var inventory = bay.inventory
        for index in inventory.functions.indices where inventory.functions[index].deviceClass == PCIClass(0x060400) {
            inventory.functions[index].headerType = 1
        }
        #expect(inventory.mates(of: Bay.key("01:00.0"))?.map(\.address.short) == ["00:14.0"])
        #expect(inventory.mates(of: Bay.key("usb-1-3")) == nil)
    }
}
