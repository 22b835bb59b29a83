import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayServer

/// A report that says everything a report can say, and changes of its numbers one by one.
enum FullReport {
    static let host = "atlas"

    static var report: AgentProtocol.Report {
        var domains = [SampleHost.domain("one"), SampleHost.domain("two")]
        for index in domains.indices {
            domains[index].state = .running
            (domains[index].vcpus, domains[index].memoryMiB) = (2, 1024)
        }
        return AgentProtocol.Report(inventory: inventory, domains: domains, agentVersion: "test")
    }

    private static var inventory: Inventory {
        var inventory = SampleHost.inventory(host)
        inventory.host.numaNodes = [NUMANode(0), NUMANode(1)]
        for index in inventory.functions.indices {
            inventory.functions[index].numaNode = NUMANode(index % 2)
            inventory.functions[index].subsystem = PCIID(vendor: 0x10de, device: 1)
            inventory.functions[index].revision = 1
        }
        inventory.functions[0].bars = [
            BAR(index: 0, start: 0x1000, size: 0x1000, kind: .memory64, isPrefetchable: true)
        ]
        inventory.functions[0].role = .physical(total: 4, active: 1, virtualFunctions: [inventory.functions[1].address])
        inventory.functions[1].role = .virtual(parent: inventory.functions[0].address, index: 0)
        for index in inventory.functions.indices { inventory.functions[index].details = details }
        inventory.usb = [
            USBDevice(
                address: USBAddress(kernelName: "1-1")!,
                port: USBPort(controller: SampleHost.usb, companion: "usb2-port1"), deviceNumber: 2, vendor: 0x1050,
                product: 0x0407, speed: 4800, interfaces: [USBInterface(number: 0, interfaceClass: 3)], maxPower: 100)
        ]
        inventory.groups[0].reservedRegions = [ReservedRegion(start: 0x1000, end: 0x2000, kind: .reserved)]
        inventory.survey = survey
        return inventory
    }

    private static var details: PCIDetails {
        PCIDetails(
            capabilities: PCICapabilities(
                standard: [1], extended: [1],
                express: PCIExpressCapability(portType: .endpoint, hasFLR: true, maxSpeed: 1600, maxWidth: 16),
                msiVectors: 1, msixVectors: 2, acs: ACS(capable: .forIsolation, enabled: []), ats: true,
                sriov: SRIOVCapability(
                    initialVFs: 4, totalVFs: 4, numVFs: 1, firstOffset: 1, stride: 1, vfDeviceID: 0x1000),
                resizableBARs: [ResizableBAR(index: 0, sizes: [1, 2], current: 1)], serialNumber: 7),
            link: PCILink(
                speed: 800, width: 8, maxSpeed: 1600, maxWidth: 16, upstreamMaxSpeed: 1600, upstreamMaxWidth: 16),
            powerState: "D0", slot: PhysicalSlot(name: "4", label: "GPU", index: 3),
            serials: [DeviceSerial(.dsn, "00-15-17-ff-ff-ab-cd-ef")],
            rom: OptionROM(codeTypes: [0, 3], isSound: true, isShadow: false),
            errors: ErrorCounts(correctable: 1, nonfatal: 1, fatal: 1))
    }

    private static var survey: HostSurvey {
        let cells = [0, 1].map { node in
            NUMACell(
                node: NUMANode(node), cpus: [4 * node, 4 * node + 1], cores: [[4 * node, 4 * node + 1]],
                sockets: [node], memoryMiB: 8192, freeMiB: 4096,
                hugepages: [HugepagePool(sizeKiB: 2048, total: 100, free: 50)], distances: [10, 20])
        }
        let platform = HostPlatform(
            numaCells: cells,
            cpu: CPULayout(
                sockets: 2, cores: 4, threads: 8, isolated: [1], nohzFull: [1], efficiency: [2],
                hasVirtualization: true),
            iommu: IOMMUFacts(groupCount: 3),
            software: SoftwareFacts(
                qemu: SoftwareVersion(9, 0), libvirt: SoftwareVersion(10, 1, 2), lockableBytes: 65536))
        return HostSurvey(
            platform: platform,
            mediatedParents: [
                MediatedParent(
                    address: SampleHost.gpuA, kind: .mdev, types: [MediatedType(id: "nvidia-1", available: 2)])
            ],
            mediatedDevices: [
                MediatedDevice(
                    uuid: "00000000-0000-0000-0000-000000000001", parent: SampleHost.gpuA, type: "nvidia-1",
                    iommuGroup: IOMMUGroupID(9))
            ],
            holders: [SampleHost.gpuB.key: [DeviceHolder(pid: 4711, command: "x", node: "/dev/nvidia0")]])
    }
}

extension FullReport {
    /// Everything that is made of the host.
    static func ask(_ plane: ControlPlane) async throws {
        _ = try await plane.status()
        _ = try await plane.devices(API.DeviceQuery())
        _ = try await plane.groups(host: nil)
        guard try await plane.hosts().contains(where: { $0.name == host }) else { return }
        for device in [SampleHost.gpuA, SampleHost.usb] { _ = try? await plane.device("atlas/\(device)") }
        _ = try await plane.examineHost(host)
        let survey = try await plane.survey(host: host)
        let devices = try await plane.devices(API.DeviceQuery())
        _ = HostTreeMaker(devices, survey: survey).make(host: host)
        _ = HostStory.make(survey)
        let draft = API.ClaimDraft(
            owner: API.ClaimOwner(kind: .system, name: "job"),
            requests: [API.RequestDraft(pool: "gpus", count: 3)])
        _ = try await plane.explain(draft)
        _ = try? await plane.createClaim(draft, dryRun: true)
    }
}

extension FullReport {
    enum Place { case member(String), element(Int) }

    static let extremes: [NSNumber] = [
        NSNumber(value: Int.min), -1, 0, 1, NSNumber(value: Int.max), NSNumber(value: Int.max / 1024),
        NSNumber(value: UInt64.max),
    ]

    /// Where a number is in the JSON of a report.
    static func numbers(in json: Any) -> [[Place]] {
        switch json {
        case let members as [String: Any]:
            members.keys.sorted().flatMap { key in
                numbers(in: members[key]!).map { [.member(key)] + $0 }
            }
        case let elements as [Any]:
            elements.indices.flatMap { index in numbers(in: elements[index]).map { [.element(index)] + $0 } }
        case let number as NSNumber where CFBoolean(number) == nil: [[]]
        default: []
        }
    }

    /// nil: it is no truth value.
    private static func CFBoolean(_ number: NSNumber) -> Bool? {
        String(cString: number.objCType) == "c" ? number.boolValue : nil
    }

    static func json(_ value: some Encodable) throws -> Any {
        try JSONSerialization.jsonObject(with: JSONEncoder().encode(value), options: [.fragmentsAllowed])
    }

    static func replacing(_ json: Any, at path: ArraySlice<Place>, by number: NSNumber) -> Any {
        guard let first = path.first else { return number }
        switch first {
        case .member(let key):
            var members = json as! [String: Any]
            members[key] = replacing(members[key]!, at: path.dropFirst(), by: number)
            return members
        case .element(let index):
            var elements = json as! [Any]
            elements[index] = replacing(elements[index], at: path.dropFirst(), by: number)
            return elements
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ json: Any) throws -> Value {
        try JSONDecoder().decode(
            type, from: JSONSerialization.data(withJSONObject: json, options: [.fragmentsAllowed]))
    }
}
