import PatchbayCore
import PatchbayText
import Testing

@Suite struct `Devices that do not answer` {
    private static func inventory(_ silences: [PCIAddress: Silence]) -> Inventory {
        var inventory = SampleHost.inventory()
        for (address, silence) in silences {
            guard let index = inventory.index(of: address) else { continue }
            inventory.functions[index].silence = silence
        }
        return inventory
    }

    @Test func `come back with their card, and the host is read again`() throws {
        let inventory = Self.inventory([SampleHost.gpu: Silence(.allOnes), SampleHost.audio: Silence(.allOnes)])
        let ways = try #require(inventory.waysOut(of: SampleHost.audio)?.lines)
        #expect(
            ways.first
                == "Remove c1:00.0 and c1:00.1 and rescan the bus; a driver of the host may bind what is found:"
                + "  echo 1 | sudo tee /sys/bus/pci/devices/0000:c1:00.0/remove /sys/bus/pci/devices/0000:c1:00.1/remove"
                + " && echo 1 | sudo tee /sys/bus/pci/rescan")
        #expect(ways.last == "Then read the host again:  patchbay host refresh atlas")
        #expect(inventory.waysOut(of: SampleHost.gpu)?.lines == ways)
        #expect(inventory.waysOut(of: SampleHost.a100) == nil)
    }

    @Test func `leave a function of the card alone that answers`() throws {
        let inventory = Self.inventory([SampleHost.gpu: Silence(.unknownHeader)])
        let ways = try #require(inventory.waysOut(of: SampleHost.gpu)?.lines)
        #expect(ways[0].hasPrefix("Remove c1:00.0 and rescan the bus"))
        #expect(!ways[0].contains("c1:00.1"))
    }

    @Test func `are told with a warning, also where no survey was made`() {
        let findings = Self.inventory([SampleHost.a100: Silence(.allOnes)]).silentFindings
        #expect(findings.map(\.code) == ["device-silent"] && findings.first?.severity == .warning)
        #expect(findings.first?.subject == "atlas/0000:41:00.0")
        #expect(findings.first?.sentence == "0000:41:00.0 does not answer: its config space reads as all ones.")
        #expect(findings == Self.inventory([SampleHost.a100: Silence(.allOnes)]).detailFindings)
    }

    @Test func `are told once for all virtual functions of a card`() {
        var silences = Dictionary(
            uniqueKeysWithValues: SampleHost.virtual.map { ($0, Silence(.allOnes, parent: SampleHost.parent)) })
        let together = Self.inventory(silences).silentFindings
        #expect(together.map(\.subject) == ["atlas/0000:b1:01.0"])
        #expect(
            together.first?.sentence.hasSuffix(
                ": its config space reads as all ones, like 1 other function of the same card.")
                == true)
        silences[SampleHost.parent] = Silence(.allOnes)
        #expect(Self.inventory(silences).silentFindings.map(\.subject) == ["atlas/0000:b1:00.0"])
    }
}
