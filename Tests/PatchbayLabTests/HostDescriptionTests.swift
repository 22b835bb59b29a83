import PatchbayCore
import PatchbayLab
import PatchbayTesting
import Testing

@Suite struct `Host descriptions` {
    private func refusal(_ yaml: String) -> Problem? {
        do throws(Problem) {
            _ = try HostDescription(yaml: yaml)
            return nil
        } catch {
            return error
        }
    }

    private let least = "title: T\nmemoryMiB: 512\n"

    @Test(arguments: ["rich", "small"]) func `that come with the lab can be read`(name: String) throws {
        let text = try #require(LabAssets.descriptions[name])
        let description = try HostDescription(yaml: text)
        #expect(description.rootDisk == "systemnvme")
        #expect(!description.expected.groups.isEmpty)
    }

    @Test func `have defaults for what most hosts do not need`() throws {
        let description = try HostDescription(yaml: least + "devices: [{id: a, model: edu}]\n")
        #expect(description.cpus == 1)
        #expect(description.devices[0].slot == 0)
        #expect(description.devices[0].bus == nil)
        #expect(description.rootDisk == nil)
    }

    @Test(arguments: [
        ("memory: 5\n", "memory"), ("devices: [{id: a, model: edu, color: red}]\n", "color"),
        ("bridges: [{id: a, kind: root-port, slot: 1, lanes: 4}]\n", "lanes"),
        ("expected: {drivers: {}}\n", "drivers"),
    ]) func `refuse keys they do not know by name`(yaml: String, key: String) throws {
        let problem = try #require(refusal(least + yaml))
        #expect(problem.code == .unknownField)
        #expect(problem.detail.contains("\"\(key)\""))
    }

    @Test(arguments: [
        ("devices: [{id: a, model: edu, bus: nowhere}]\n", "nowhere"),
        ("devices: [{id: a, model: nvme, drive: none}]\n", "\"none\""),
        ("devices: [{id: a, model: edu}, {id: a, model: edu}]\n", "twice"),
        ("rootDisk: ghost\n", "ghost"),
        ("devices: [{model: edu}]\n", "\"id\""),
        ("numaNodes: [{cpus: [0], memoryMiB: 100}]\n", "NUMA"),
        ("devices: [{id: \"a,b\", model: edu}]\n", "cannot be an id"),
        ("bridges: [{id: a, kind: ladder, slot: 1}]\n", "ladder"),
        ("]", "YAML"),
    ]) func `refuse what cannot be built`(yaml: String, word: String) throws {
        let problem = try #require(refusal(least + yaml))
        #expect(problem.code == .malformedInput)
        #expect(problem.detail.contains(word), "\(problem.detail)")
        #expect(!problem.next.isEmpty)
    }
}

@Suite struct `Arguments for QEMU` {
    private func arguments(_ yaml: String) throws -> [String] {
        try HostDescription(yaml: "title: T\nmemoryMiB: 512\n" + yaml).qemuArguments(hostNumber: 3) {
            "/x/\($0.id).img"
        }
    }

    @Test func `put the IOMMU before every device`() throws {
        let text = try #require(LabAssets.descriptions["rich"])
        let all = try HostDescription(yaml: text).qemuArguments(hostNumber: 1) { $0.id }
        let devices = all.indices.filter { all[$0] == "-device" }.map { all[$0 + 1] }
        #expect(devices.first == "intel-iommu,intremap=on")
        #expect(devices.filter { $0.hasPrefix("intel-iommu") }.count == 1)
    }

    @Test func `describe a port and the function behind it`() throws {
        let all = try arguments(
            """
            bridges: [{id: p, kind: root-port, slot: 10}]
            devices: [{id: gpu, model: bochs-display, bus: p, properties: {b: "2", a: "1"}}]
            """)
        #expect(all.contains("pcie-root-port,id=p,bus=pcie.0,addr=a,chassis=1,slot=1"))
        #expect(all.contains("bochs-display,id=gpu,bus=p,addr=0,a=1,b=2"))
    }

    @Test func `put two functions into one slot`() throws {
        let all = try arguments(
            "devices: [{id: a, model: x, slot: 31, multifunction: true}, {id: b, model: y, slot: 31, function: 1}]\n")
        #expect(all.contains("x,id=a,bus=pcie.0,addr=1f,multifunction=on"))
        #expect(all.contains("y,id=b,bus=pcie.0,addr=1f.1"))
    }

    @Test func `give a root complex its NUMA node and first bus`() throws {
        let all = try arguments(
            """
            cpus: 2
            numaNodes: [{cpus: [0], memoryMiB: 256}, {cpus: [1], memoryMiB: 256}]
            bridges: [{id: s, kind: root-complex, slot: 8, numaNode: 1, firstBus: 32}]
            """)
        #expect(all.contains("pxb-pcie,id=s,bus=pcie.0,addr=8,bus_nr=32,numa_node=1"))
        #expect(all.contains("node,nodeid=1,memdev=memory1,cpus=1"))
        #expect(all.contains("memory-backend-ram,id=memory0,size=256M"))
    }

    @Test func `give every NIC of every host an address of its own`() throws {
        let yaml = "devices: [{id: n, model: e1000e, network: outside}, {id: m, model: igb, network: isolated}]\n"
        let all = try arguments(yaml)
        #expect(all.contains("user,id=net-n"))
        #expect(all.contains("user,id=net-m,restrict=on"))
        #expect(all.contains { $0.contains("mac=52:54:00:70:03:00") })
        #expect(all.contains { $0.contains("mac=52:54:00:70:03:01") })
    }

    @Test func `hand queues of an NVMe controller to its virtual functions`() throws {
        let all = try arguments(
            """
            drives: [{id: d, sizeMiB: 1}]
            devices: [{id: n, model: nvme, drive: d, virtualFunctions: 4}]
            """)
        let device = try #require(all.first { $0.hasPrefix("nvme,") })
        #expect(device.contains("sriov_max_vfs=4"))
        #expect(device.contains("sriov_vq_flexible=16"))
        #expect(!device.contains("drive="))
        #expect(all.contains("nvme-ns,drive=drive-d,bus=n,nsid=1,shared=on"))
    }

    @Test func `write a comma in a path twice`() throws {
        let description = try HostDescription(yaml: "title: T\nmemoryMiB: 1\ndrives: [{id: d, sizeMiB: 1}]\n")
        let all = description.qemuArguments(hostNumber: 1) { _ in "/a,b/d.img" }
        #expect(all.contains("if=none,id=drive-d,file=/a,,b/d.img,format=raw"))
    }

    @Test func `put USB devices on their controller's bus`() throws {
        let all = try arguments(
            "devices: [{id: u, model: qemu-xhci}, {id: t, model: usb-tablet, bus: u, properties: {port: \"2\"}}]\n")
        #expect(all.contains("usb-tablet,id=t,bus=u.0,port=2"))
    }
}
