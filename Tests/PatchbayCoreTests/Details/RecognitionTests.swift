import PatchbayCore
import PatchbayTesting
import Testing

/// Cards in slots: what is at which place, and at which address the kernel found it this time.
private struct Slots {
    var functions: [PCIFunction] = []

    mutating func plug(
        _ address: String, at place: String, model: UInt16 = 1, subsystem: UInt16? = nil, _ serials: DeviceSerial...
    ) {
        functions.append(
            PCIFunction(
                address: Self.address(address), id: PCIID(vendor: 0x10de, device: model),
                subsystem: subsystem.map { PCIID(vendor: 0x10de, device: $0) }, deviceClass: PCIClass(0x030200),
                topologyPath: place, details: PCIDetails(serials: serials)))
    }

    static func address(_ text: String) -> PCIAddress { try! PCIAddress(text) }

    var inventory: Inventory {
        Inventory(
            host: HostFacts(name: "atlas"),
            readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true), functions: functions,
            groups: [])
    }

    init(_ make: (inout Slots) -> Void = { _ in }) { make(&self) }
}

private func address(_ text: String) -> PCIAddress { Slots.address(text) }
private func key(_ text: String) -> DeviceKey { address(text).key }

/// Where the device at `text` of `before` is in `after`.
private func recognise(_ text: String, from before: Slots, in after: Slots, isEarlierKnown: Bool = true) -> Recognition
{
    let earlier = before.inventory
    let recognizer = DeviceRecognizer(after.inventory, before: isEarlierKnown ? earlier : nil)
    return recognizer.recognise(earlier.identity(of: key(text))!, at: key(text))
}

private let first = "pci0000:00/01.0/00.0"
private let second = "pci0000:00/02.0/00.0"
private let third = "pci0000:00/03.0/00.0"

@Suite struct `Recognising devices` {
    @Test(.requirements("C2")) func `a serial wins over the place`() {
        let one = DeviceSerial(.nvme, "S4EVNX0R1001")
        let two = DeviceSerial(.nvme, "S4EVNX0R1002")
        let before = Slots { slots in
            slots.plug("01:00.0", at: first, one)
            slots.plug("02:00.0", at: second, two)
        }
        let swapped = Slots { slots in
            slots.plug("01:00.0", at: first, two)
            slots.plug("02:00.0", at: second, one)
        }
        #expect(recognise("01:00.0", from: before, in: swapped) == .moved(key("02:00.0")))
        #expect(recognise("02:00.0", from: before, in: swapped) == .moved(key("01:00.0")))
        #expect(recognise("01:00.0", from: before, in: before) == .same(key("01:00.0")))
    }

    @Test(.requirements("C2")) func `a renumbered bus takes nobody's device to somebody else`() {
        let before = Slots { slots in
            slots.plug("01:00.0", at: first, model: 1)
            slots.plug("02:00.0", at: second, model: 2)
        }
        let renumbered = Slots { slots in
            slots.plug("01:00.0", at: "pci0000:00/00.1/00.0", model: 2)
            slots.plug("02:00.0", at: first, model: 1)
            slots.plug("03:00.0", at: second, model: 2)
        }
        #expect(recognise("01:00.0", from: before, in: renumbered) == .moved(key("02:00.0")))
        #expect(recognise("02:00.0", from: before, in: renumbered) == .moved(key("03:00.0")))
    }

    @Test(.requirements("C2")) func `another device in its place is held, and what differs is said`() {
        let before = Slots {
            $0.plug("01:00.0", at: first, model: 1, subsystem: 7, DeviceSerial(.nvme, "S4EVNX0R1001"))
        }
        let otherSerial = Slots {
            $0.plug("01:00.0", at: first, model: 1, subsystem: 7, DeviceSerial(.nvme, "S4EVNX0R9999"))
        }
        #expect(
            recognise("01:00.0", from: before, in: otherSerial)
                == .changed(
                    key("01:00.0"), differences: ["The NVMe serial was S4EVNX0R1001 and is now S4EVNX0R9999."]))
        let otherModel = Slots { $0.plug("01:00.0", at: first, model: 2) }
        #expect(
            recognise("01:00.0", from: before, in: otherModel)
                == .changed(
                    key("01:00.0"),
                    differences: [
                        "The model was 10de:0001 and is now 10de:0002.",
                        "The subsystem was 10de:0007 and is now none.",
                    ]))
    }

    @Test func `without a serial it is the same only where it was`() {
        let before = Slots { slots in
            slots.plug("01:00.0", at: first)
            slots.plug("02:00.0", at: second)
        }
        #expect(recognise("01:00.0", from: before, in: before) == .same(key("01:00.0")))
        let pulled = Slots { $0.plug("02:00.0", at: second) }
        #expect(recognise("01:00.0", from: before, in: pulled) == .gone)
        let moved = Slots { slots in
            slots.plug("02:00.0", at: second)
            slots.plug("03:00.0", at: third)
        }
        #expect(recognise("01:00.0", from: before, in: moved) == .moved(key("03:00.0")))
        #expect(
            recognise("01:00.0", from: before, in: moved, isEarlierKnown: false)
                == .ambiguous([key("02:00.0"), key("03:00.0")]))
        let several = Slots { slots in
            slots.plug("03:00.0", at: third)
            slots.plug("04:00.0", at: "pci0000:00/04.0/00.0")
        }
        #expect(
            recognise("01:00.0", from: before, in: several) == .ambiguous([key("03:00.0"), key("04:00.0")]))
    }

    @Test func `a number in the config space cannot get lost`() {
        let before = Slots { $0.plug("01:00.0", at: first, DeviceSerial(dsn: 0x0015_17ff_ffab_cdef)) }
        var after = Slots { $0.plug("01:00.0", at: first) }
        #expect(recognise("01:00.0", from: before, in: after) == .same(key("01:00.0")))
        after.functions[0].details?.capabilities = PCICapabilities(extended: [])
        #expect(
            recognise("01:00.0", from: before, in: after)
                == .changed(
                    key("01:00.0"),
                    differences: ["The device serial number was 00-15-17-ff-ff-ab-cd-ef and is now missing."]))
    }

    @Test func `a serial that cannot be read any more is not looked for in unproven devices`() {
        let before = Slots { $0.plug("01:00.0", at: first, DeviceSerial(.nvme, "S4EVNX0R1001")) }
        let onVFIO = Slots { $0.plug("01:00.0", at: first) }
        #expect(recognise("01:00.0", from: before, in: onVFIO) == .same(key("01:00.0")))
        let elsewhere = Slots { $0.plug("02:00.0", at: second) }
        #expect(recognise("01:00.0", from: before, in: elsewhere) == .ambiguous([key("02:00.0")]))
        let both = Slots { slots in
            slots.plug("01:00.0", at: first)
            slots.plug("02:00.0", at: second, DeviceSerial(.nvme, "S4EVNX0R1001"))
        }
        #expect(recognise("01:00.0", from: before, in: both) == .moved(key("02:00.0")))
    }

    @Test(arguments: [
        "00-00-00-00-00-00-00-00", "ff-ff-ff-ff-ff-ff-ff-ff", "123456789", "To be filled by O.E.M.", "NA",
    ])
    func `numbers that makers put everywhere tell nothing`(_ filler: String) {
        let kind: DeviceSerial.Kind = filler.contains("-") ? .dsn : .vpd
        #expect(!DeviceSerial(kind, filler).isTelling)
        let before = Slots { $0.plug("01:00.0", at: first, DeviceSerial(kind, filler)) }
        let after = Slots { slots in
            slots.plug("01:00.0", at: first, model: 2)
            slots.plug("02:00.0", at: second, DeviceSerial(kind, filler))
        }
        guard case .changed = recognise("01:00.0", from: before, in: after) else {
            Issue.record("\(filler) was believed")
            return
        }
    }

    @Test func `addresses that somebody made up tell nothing`() {
        #expect(DeviceSerial(.mac, "3c:fd:fe:12:34:56").isTelling)
        #expect(!DeviceSerial(.mac, "02:42:ac:11:00:02").isTelling)
        #expect(
            !DeviceSerial(.mac, "ff:ff:ff:ff:ff:ff").isTelling && !DeviceSerial(.mac, "00:00:00:00:00:00").isTelling)
    }

    @Test func `of a card whose functions share a number, the function number tells which`() {
        let shared = DeviceSerial(dsn: 0x0015_17ff_ffab_cdef)
        let before = Slots { slots in
            for function in 0...3 { slots.plug("01:00.\(function)", at: "pci0000:00/01.0/00.\(function)", shared) }
        }
        let after = Slots { slots in
            for function in 0...3 { slots.plug("05:00.\(function)", at: "pci0000:00/05.0/00.\(function)", shared) }
        }
        for function in 0...3 {
            #expect(recognise("01:00.\(function)", from: before, in: after) == .moved(key("05:00.\(function)")))
        }
    }

    @Test func `a number that two cards share proves neither`() {
        let shared = DeviceSerial(.vpd, "BOGUS-2041")
        let before = Slots { slots in
            slots.plug("01:00.0", at: first, shared)
            slots.plug("02:00.0", at: second, shared)
        }
        let pulled = Slots { $0.plug("02:00.0", at: second, shared) }
        #expect(recognise("01:00.0", from: before, in: pulled) == .gone)
        let moved = Slots { slots in
            slots.plug("03:00.0", at: third, shared)
            slots.plug("04:00.0", at: "pci0000:00/04.0/00.0", shared)
        }
        #expect(recognise("01:00.0", from: before, in: moved) == .ambiguous([key("03:00.0"), key("04:00.0")]))
    }

    @Test func `virtual functions go with the function that made them`() throws {
        func host(_ bus: String, _ slot: String) -> Slots {
            var slots = Slots {
                $0.plug("\(bus):00.0", at: "pci0000:00/\(slot)/00.0", DeviceSerial(.mac, "3c:fd:fe:00:00:01"))
            }
            let parent = address("\(bus):00.0")
            for index in 0...1 {
                var function = slots.functions[0]
                function.address = address("\(bus):01.\(index)")
                function.id = PCIID(vendor: 0x8086, device: 0x1889)
                function.role = .virtual(parent: parent, index: index)
                function.topologyPath = "pci0000:00/\(slot)/01.\(index)"
                function.details = nil
                slots.functions.append(function)
            }
            return slots
        }
        let before = host("01", "01.0")
        let virtual = try #require(before.inventory[address("01:01.1")])
        #expect(before.inventory.identity(of: virtual).topologyPath == "pci0000:00/01.0/00.0/vf1")
        #expect(recognise("01:01.1", from: before, in: host("07", "07.0")) == .moved(key("07:01.1")))
        #expect(recognise("01:01.0", from: before, in: host("07", "07.0")) == .moved(key("07:01.0")))
    }

    @Test func `an address alone is never followed`() {
        let before = Slots { $0.plug("01:00.0", at: "") }
        let two = Slots { slots in
            slots.plug("01:00.0", at: "")
            slots.plug("02:00.0", at: "")
        }
        #expect(recognise("01:00.0", from: before, in: before) == .same(key("01:00.0")))
        #expect(recognise("01:00.0", from: before, in: two) == .ambiguous([key("01:00.0"), key("02:00.0")]))
        let other = Slots { $0.plug("01:00.0", at: "", model: 2) }
        #expect(recognise("01:00.0", from: before, in: other) == .gone)
    }

    @Test(.requirements("V24")) func `says by what it recognises a device`() {
        let slots = Slots {
            $0.plug(
                "01:00.0", at: first, model: 0x20b5, DeviceSerial(.nvme, "S4EVNX0R1001"), DeviceSerial(.vpd, "0000"))
        }
        #expect(
            slots.inventory.identity(of: key("01:00.0"))?.sentence
                == "recognised by: NVMe serial S4EVNX0R1001; place pci0000:00/01.0/00.0; model 10de:20b5")
    }
}

@Suite struct `Recognising after random changes` {
    /// Cards move between slots, are pulled and added, buses are numbered anew: whatever is followed is the device.
    @Test(.requirements("C2"), arguments: UInt64(1)...40)
    func `what is followed is the device itself`(_ seed: UInt64) {
        for round in 0..<25 {
            var random = SeededGenerator(seed: seed &* 1000 &+ UInt64(round))
            var cards = (0..<Int.random(in: 1...8, using: &random)).map { number in
                Card(
                    model: random.pick([1, 1, 2]), serial: random.chance(60) ? "SERIAL-\(number)-\(seed)" : nil,
                    slot: number)
            }
            let before = host(cards, &random)
            for index in cards.indices {
                if random.chance(25) { cards[index].slot = nil }
                if random.chance(25) { cards[index].slot = freeSlot(cards, &random) }
            }
            if random.chance(30) { cards.append(Card(model: 1, serial: "NEW-\(seed)", slot: freeSlot(cards, &random))) }
            let after = host(cards, &random)
            let recognizer = DeviceRecognizer(after.inventory, before: before.inventory)
            for (card, old) in before.addresses {
                let found = recognizer.recognise(before.inventory.identity(of: old.key)!, at: old.key)
                guard cards[card].serial != nil else { continue }
                let now = after.addresses[card]
                #expect(found.key == now?.key, "seed \(seed), round \(round), card \(card): \(found)")
                if now == old, cards[card].slot == before.slots[card] { #expect(found == .same(old.key)) }
            }
        }
    }

    private struct Card {
        var model: UInt16
        var serial: String?
        var slot: Int?
    }

    private struct Host {
        var inventory: Inventory
        var addresses: [Int: PCIAddress] = [:]
        var slots: [Int: Int] = [:]
    }

    private func freeSlot(_ cards: [Card], _ random: inout SeededGenerator) -> Int? {
        (0..<16).filter { slot in !cards.contains { $0.slot == slot } }.randomElement(using: &random)
    }

    /// Buses are numbered by chance; the place is the slot's.
    private func host(_ cards: [Card], _ random: inout SeededGenerator) -> Host {
        var buses = Array(UInt8(1)...60).shuffled(using: &random)
        var slots = Slots()
        var host = Host(inventory: slots.inventory)
        for (number, card) in cards.enumerated() {
            guard let slot = card.slot else { continue }
            let bus = buses.removeLast().hex(2)
            slots.plug("\(bus):00.0", at: "pci0000:00/\(UInt8(slot).hex(2)).0/00.0", model: card.model)
            if let serial = card.serial {
                slots.functions[slots.functions.count - 1].details?.serials = [DeviceSerial(.dsn, serial)]
            }
            slots.functions[slots.functions.count - 1].details?.capabilities = PCICapabilities(extended: [0x03])
            host.addresses[number] = address("\(bus):00.0")
            host.slots[number] = slot
        }
        host.inventory = slots.inventory
        return host
    }
}
