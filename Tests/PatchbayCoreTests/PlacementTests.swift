import PatchbayCore
import PatchbayTesting
import Testing

@Suite struct `A placement` {
    private let gpus = Pool(name: "gpus", rules: [Rule(name: "r", conditions: [Condition(.name, .contains, "A100")])])
    private let numa0 = Pool(
        name: "numa0", rules: [Rule(name: "r", conditions: [Condition(.numa, .equal, "0")])])

    private func primaries(_ placement: Placement) -> [PCIAddress]? {
        switch placement {
        case .fits(let units): units.compactMap(\.unit.primary.pci)
        case .noFit: nil
        }
    }

    private func reason(_ placement: Placement, _ address: PCIAddress) -> String? {
        switch placement {
        case .fits: nil
        case .noFit(_, let rejections): rejections.first { $0.device.key == address.key }?.reason?.sentence
        }
    }

    @Test(.requirements("V31")) func `draws the lowest free devices of the pool`() {
        let view = SampleHost.view(Usage(pools: [gpus]))
        #expect(primaries(view.place([Request(name: "g", target: .pool("gpus"))])) == [SampleHost.a100])
        #expect(
            primaries(view.place([Request(name: "g", target: .pool("gpus"), count: 2)]))
                == [SampleHost.a100, SampleHost.secondA100])
    }

    @Test(.requirements("V39", "N5")) func `never gives a device twice`() {
        var usage = Usage(pools: [gpus])
        usage.give([SampleHost.a100], to: "trainer-01")
        let view = SampleHost.view(usage)
        #expect(primaries(view.place([Request(name: "g", target: .pool("gpus"))])) == [SampleHost.secondA100])
        let tooMany = view.place([Request(name: "g", target: .pool("gpus"), count: 2)])
        #expect(reason(tooMany, SampleHost.a100) == "VM trainer-01 has it.")
        #expect(reason(tooMany, SampleHost.secondA100) == "It fits, but 2 are needed.")
        #expect(reason(tooMany, SampleHost.idle) == "It is not in pool gpus.")
    }

    @Test(.requirements("V16", "V17")) func `gives a group to one claim as a whole`() throws {
        let view = SampleHost.view()
        let request = Request(
            name: "gpu", target: .device(DeviceID(host: "atlas", key: SampleHost.gpu.key)))
        guard case .fits(let units) = view.place([request]) else {
            Issue.record("the GPU is free")
            return
        }
        #expect(units.map(\.unit.members) == [[SampleHost.gpu.key, SampleHost.audio.key]])
        #expect(units.map(\.unit.bridges) == [[SampleHost.bridge]])
        let audio = Request(
            name: "sound", target: .device(DeviceID(host: "atlas", key: SampleHost.audio.key)))
        let both = view.place([request, audio])
        #expect(reason(both, SampleHost.audio) == "It is handed over together with another member of its IOMMU group.")
    }

    @Test func `serves all requests or none`() {
        let view = SampleHost.view(Usage(pools: [gpus]))
        let requests = [
            Request(name: "fits", target: .pool("gpus")),
            Request(name: "not", target: .device(DeviceID(host: "atlas", key: SampleHost.sata.key))),
        ]
        guard case .noFit(let request, let rejections) = view.place(requests) else {
            Issue.record("the root disk was given away")
            return
        }
        #expect(request.name == "not")
        #expect(rejections.map(\.device.key) == [SampleHost.sata.key])
    }

    @Test func `moves an earlier choice where a greedy one would fail`() {
        let view = SampleHost.view(Usage(pools: [gpus, numa0]))
        let requests = [
            Request(name: "any", target: .pool("gpus")), Request(name: "near", target: .pool("numa0")),
        ]
        #expect(primaries(view.place(requests)) == [SampleHost.secondA100, SampleHost.a100])
        let exact = Request(name: "this", target: .device(DeviceID(host: "atlas", key: SampleHost.a100.key)))
        #expect(primaries(view.place([requests[0], exact])) == [SampleHost.secondA100, SampleHost.a100])
        let third = view.place(requests + [exact])
        #expect(reason(third, SampleHost.a100) == "It serves request near.")
    }

    @Test(.requirements("V27")) func `gives a device in no pool to nobody`() {
        let view = SampleHost.view(Usage(pools: [gpus]))
        let request = Request(name: "n", target: .device(DeviceID(host: "atlas", key: SampleHost.idle.key)))
        #expect(reason(view.place([request]), SampleHost.idle) == "It is in no pool.")
    }

    @Test(
        .requirements("V8", "V22"),
        arguments: [
            (SampleHost.sata, "Needed by the host (root file system"),
            (SampleHost.usb, "It shares IOMMU group 1 with 00:17.0, which the host needs"),
            (SampleHost.bridge, "PCI bridge: it stays with the host."),
            (SampleHost.parent, "It has virtual functions"),
        ])
    func `says why a device cannot be had`(_ address: PCIAddress, _ words: String) throws {
        let placement = SampleHost.view().place([Request(name: "all", target: .pool("everything"), count: 100)])
        let reason = try #require(self.reason(placement, address))
        #expect(reason.hasPrefix(words), "\(reason)")
    }

    @Test func `answers for a device on another host, one that is gone, and a pool that does not exist`() {
        let view = SampleHost.view()
        let gone = SampleHost.address("99:00.0")
        func exact(_ host: String, _ address: PCIAddress) -> Request {
            Request(name: "x", target: .device(DeviceID(host: host, key: address.key)))
        }
        #expect(reason(view.place([exact("boreas", SampleHost.a100)]), SampleHost.a100) == "It is on host boreas.")
        #expect(reason(view.place([exact("atlas", gone)]), gone) == "It is not in the inventory.")
        let nowhere = view.place([Request(name: "x", target: .pool("nowhere"))])
        #expect(reason(nowhere, SampleHost.a100) == "It is not in pool nowhere.")
    }

    @Test func `leaves a VM what its own definition names`() {
        let off = Domain(name: "legacy", uuid: "u", state: .shutOff, definedDevices: [SampleHost.a100.key])
        let view = SampleHost.view(Usage(domains: [off], pools: [gpus]))
        let request = Request(name: "g", target: .pool("gpus"))
        #expect(primaries(view.place([request])) == [SampleHost.secondA100])
        #expect(primaries(view.place([request], for: "legacy")) == [SampleHost.a100])
    }

    @Test(.requirements("V8", "V11", "V17", "V22", "V39"), arguments: 0..<300 as Range<UInt64>)
    func `holds its promises on any host`(_ seed: UInt64) {
        var host = RandomHost(seed: seed)
        let view = HostView(inventory: host.inventory, usage: host.usage)
        let planner = Planner(inventory: host.inventory, usage: host.usage)
        for _ in 0..<5 {
            let requests = host.requests()
            let placement = view.place(requests)
            #expect(placement == view.place(requests), "\(host): not deterministic")
            switch placement {
            case .noFit(_, let rejections):
                #expect(!rejections.isEmpty, "\(host): no reason")
                #expect(rejections.allSatisfy { $0.reason?.sentence.isEmpty == false })
            case .fits(let units):
                for request in requests {
                    #expect(units.count { $0.request == request.name } == request.count, "\(host)")
                }
                let members = units.flatMap(\.unit.members)
                #expect(Set(members).count == members.count, "\(host): a device twice")
                for unit in units.map(\.unit) {
                    #expect(unit == host.inventory.unit(of: unit.primary), "\(host): a group was split")
                    #expect(unit.members.allSatisfy { view.holder(of: $0) == nil }, "\(host): a held device")
                    #expect(
                        unit.members.allSatisfy { host.inventory.hostUses[$0.pci!] == nil }, "\(host): a needed device")
                    #expect(planner.refusal(for: unit) == nil, "\(host)")
                }
            }
        }
    }

    @Test func `finds an assignment whenever there is one`() {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let devices = [SampleHost.a100, SampleHost.secondA100, SampleHost.gpu, SampleHost.idle]
            let pools = ["a", "b", "c"].map { name in
                Pool(
                    name: name,
                    rules: devices.filter { _ in random.chance(50) }.map {
                        Rule(name: "\($0)", conditions: [Condition(.address, .equal, $0.description)])
                    })
            }
            let requests = pools.map { Request(name: $0.name, target: .pool($0.name), count: random.pick([1, 1, 2])) }
            let view = SampleHost.view(Usage(pools: pools))
            let choices = requests.flatMap { request in
                Array(repeating: devices.filter { view.pools(of: $0.key).contains(request.name) }, count: request.count)
            }
            #expect((primaries(view.place(requests)) != nil) == Self.isPossible(choices[...], []), "seed \(seed)")
        }
    }

    /// Tries everything.
    private static func isPossible(_ choices: ArraySlice<[PCIAddress]>, _ taken: Set<PCIAddress>) -> Bool {
        guard let first = choices.first else { return true }
        return first.contains { !taken.contains($0) && isPossible(choices.dropFirst(), taken.union([$0])) }
    }

    @Test(.timeLimit(.minutes(10))) func `looks at 4,096 virtual functions of one group once each`() {
        let functions = (0..<4096).map { number in
            PCIFunction(
                address: PCIAddress(
                    domain: UInt32(number >> 8), bus: UInt8(number & 0xff), slot: 0, function: 0)!,
                id: PCIID(vendor: 0x8086, device: 0x1889), deviceClass: PCIClass(0x020000),
                iommuGroup: IOMMUGroupID(number < 2048 ? 0 : number))
        }
        let groups = Dictionary(grouping: functions, by: { $0.iommuGroup! }).map {
            IOMMUGroup(id: $0.key, members: $0.value.map(\.address).sorted())
        }
        let inventory = Inventory(
            host: HostFacts(name: "big"), readiness: Readiness(iommu: .active, vfioLoaded: true, vfioAvailable: true),
            functions: functions, groups: groups)
        let view = HostView(inventory: inventory, usage: Usage(pools: [SampleHost.everything]))
        let states = functions.map { view.state(of: $0.key).state }
        #expect(states.allSatisfy { $0 == .free })
        #expect(primaries(view.place([Request(name: "all", target: .pool("everything"), count: 2049)]))?.count == 2049)
        #expect(primaries(view.place([Request(name: "more", target: .pool("everything"), count: 2050)])) == nil)
    }
}
