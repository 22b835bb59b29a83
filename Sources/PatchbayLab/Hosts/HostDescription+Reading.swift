import PatchbayCore
import Yams

extension HostDescription {
    /// Reads a description and checks that everything it names is there.
    ///
    /// - Throws: `.malformedInput`, or `.unknownField` naming the key.
    package init(yaml: String) throws(Problem) {
        do {
            self = try YAMLDecoder().decode(HostDescription.self, from: yaml)
        } catch let problem as Problem {
            throw problem
        } catch let DecodingError.dataCorrupted(context) {
            if let problem = context.underlyingError as? Problem { throw problem }
            throw Self.malformed(context.debugDescription, at: context.codingPath, cause: context.underlyingError)
        } catch let DecodingError.keyNotFound(key, context) {
            throw Self.malformed("the key \"\(key.stringValue)\" is missing", at: context.codingPath)
        } catch let DecodingError.typeMismatch(_, context) {
            throw Self.malformed(context.debugDescription, at: context.codingPath)
        } catch {
            throw Self.malformed("it is not YAML", at: [], cause: error)
        }
        try check()
    }

    private static func malformed(_ what: String, at path: [any CodingKey], cause: (any Error)? = nil) -> Problem {
        let place = path.isEmpty ? "" : " (at \(path.map(\.stringValue).joined(separator: ".")))"
        return Problem(
            .malformedInput, "The host description is not usable: \(what)\(place).",
            next: ["Compare it with the description that \"patchbay lab describe rich\" prints."],
            cause: cause.map { "\($0)" })
    }

    /// Every name stands for one thing, and every thing that is named exists.
    private func check() throws(Problem) {
        try checkIdentifiers()
        let buses = Set(bridges.map(\.id) + devices.filter(\.isUSBController).map(\.id))
        for (owner, bus) in bridges.map({ ($0.id, $0.bus) }) + devices.map({ ($0.id, $0.bus) }) {
            if let bus, !buses.contains(bus) { throw Self.missing("bus", bus, wantedBy: owner) }
        }
        for device in devices {
            if let drive = device.drive, !drives.contains(where: { $0.id == drive }) {
                throw Self.missing("drive", drive, wantedBy: device.id)
            }
        }
        let named =
            [rootDisk, defaultRoute].compactMap { $0 } + makeVirtualFunctions.map(\.device)
            + expected.groups.flatMap { $0 } + expected.numaNodes.keys
        for id in named where device(id) == nil { throw Self.missing("device", id, wantedBy: "the host") }
        guard numaNodes.isEmpty || numaNodes.map(\.memoryMiB).reduce(0, +) == memoryMiB else {
            throw Self.malformed("the memory of its NUMA nodes is not memoryMiB in all", at: [])
        }
    }

    private func checkIdentifiers() throws(Problem) {
        var seen: Set<String> = []
        for id in bridges.map(\.id) + drives.map({ "drive \($0.id)" }) + devices.map(\.id) {
            guard seen.insert(id).inserted else { throw Self.malformed("\"\(id)\" is there twice", at: []) }
            guard id.utf8.allSatisfy({ $0 > 0x1f && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }) else {
                throw Self.malformed("\"\(id)\" cannot be an id", at: [])
            }
        }
    }

    private static func missing(_ kind: String, _ id: String, wantedBy owner: String) -> Problem {
        malformed("\(owner) names the \(kind) \"\(id)\", which is not described", at: [])
    }
}
