/// What a host's report may say in numbers and how long its texts may be: the only place that knows.
///
/// A host is believed in what it tells of itself, but not in numbers that no machine has: sums and products of them would
/// not fit, and one host would end the server for all. The ranges are wider than any machine of today, and so narrow that
/// a product of two, summed up over a host, fits. A number that is not named here may be `unnamed`.
package enum ReportLimits {
    struct Range: Hashable, Sendable, CustomStringConvertible {
        var low: Int
        var high: UInt64

        init(_ low: Int, _ high: UInt64) {
            self.low = low
            self.high = high
        }

        func contains(_ number: Int) -> Bool { number >= low && (number < 0 || UInt64(number) <= high) }
        func contains(_ number: UInt64) -> Bool { number <= high && (low <= 0 || number >= UInt64(low)) }
        var description: String { "from \(low) to \(high)" }
    }

    /// Of the names of hosts and guests, and of keys of tables: longer ones are refused.
    package static let longestKey = 256
    /// Of other texts, in bytes: longer ones are cut.
    package static let longestText = 256

    /// What a text may be at most; those of whole command lines are longer.
    package static func longestText(named name: String) -> Int {
        switch name {
        case "kernelCommandLine": 4096
        case "configured", "running", "moduleOptions", "setting", "topologyPath", "acsOverride", "weakenedACS",
            "sentence",
            "next":
            1024
        default: longestText
        }
    }

    static let unnamed = Range(0, 0x7fff_ffff)

    /// Looked for by the name before it and its own (`physical.total`), then by its own alone.
    static func range(of name: String, in holder: String) -> Range? {
        ranges["\(holder).\(name)"] ?? ranges[name]
    }

    /// A PiB in each node, in MiB or pages of 4 KiB.
    private static let memory = Range(0, 1 << 38)
    private static let word = Range(0, 0xffff)
    private static let byte = Range(0, 0xff)
    private static let processors = Range(0, 1 << 20)

    private static let ranges: [String: Range] = [
        // Processors and memory; `cores` are numbers of CPUs in a cell and a count in the layout.
        "cpuCount": processors, "cpus": processors, "cores": processors, "threads": processors,
        "isolated": processors, "nohzFull": processors, "efficiency": processors, "vcpus": processors,
        // Some boards number sockets by places in a table, some say -1.
        "sockets": Range(-1, 0x7fff_ffff),
        "memoryMiB": Range(0, 1 << 34), "freeMiB": Range(0, 1 << 34),
        "sizeKiB": Range(1, 1 << 26), "hugepages.total": memory, "hugepages.free": memory,
        "lockableBytes": Range(-1, UInt64(Int.max)),
        // NUMA nodes, and distances between them; 255 is unreachable, and kernels that tell more are not known.
        "node": word, "numaNode": word, "numaNodes": word, "distances": Range(0, 4095),
        // IOMMU groups.
        "iommuGroup": unnamed, "id": unnamed, "groupCount": processors,
        "start": Range(0, .max), "end": Range(0, .max),
        // Functions.
        "vendor": word, "device": word, "code": Range(0, 0xff_ffff), "revision": byte, "headerType": byte,
        "bars.index": byte, "bars.size": Range(0, 1 << 60),
        "physical.total": word, "physical.active": word, "virtual.index": word,
        // Their details.
        "speed": Range(0, 10_000_000), "width": word, "maxSpeed": Range(0, 10_000_000), "maxWidth": word,
        "upstreamMaxSpeed": Range(0, 10_000_000), "upstreamMaxWidth": word,
        "slot.index": Range(0, 0xffff_ffff), "codeTypes": byte,
        "correctable": Range(0, 1 << 53), "nonfatal": Range(0, 1 << 53), "fatal": Range(0, 1 << 53),
        "standard": byte, "extended": word, "portType": byte, "msiVectors": word, "msixVectors": word,
        "capable": word, "enabled": word, "serialNumber": Range(0, .max),
        "initialVFs": word, "totalVFs": word, "numVFs": word, "firstOffset": word, "stride": word, "vfDeviceID": word,
        "resizableBARs.index": byte, "sizes": byte, "current": byte,
        // USB and mediated devices.
        "deviceNumber": word, "product": word, "deviceClass": byte,
        "configuration": byte, "number": byte, "interfaceClass": byte, "subclass": byte, "interfaceProtocol": byte,
        "maxPower": Range(0, 1_000_000), "available": unnamed,
        // The agent: milliseconds since 1970-01-01T00:00:00Z.
        "refreshed": Range(0, 1 << 53),
        // Programs.
        "pid": unnamed, "major": unnamed, "minor": unnamed, "patch": unnamed,
    ]
}
