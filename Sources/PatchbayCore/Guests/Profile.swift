/// A named template of a guest: its size and what it asks for. A VM that is made from it keeps no tie to it.
package struct Profile: Hashable, Codable, Sendable {
    /// As pools are named.
    package var name: String
    package var summary: String
    /// nil, here and below: the profile does not say.
    package var vcpus: Int?
    package var memoryMiB: Int?
    package var pin: PinPolicy?
    /// Size of the pages that its memory is made of, in KiB.
    package var hugepageKiB: Int?
    /// How many NUMA cells it sees.
    package var cells: Int?
    package var requests: [Request]

    package init(
        name: String, summary: String = "", vcpus: Int? = nil, memoryMiB: Int? = nil, pin: PinPolicy? = nil,
        hugepageKiB: Int? = nil, cells: Int? = nil, requests: [Request] = []
    ) {
        self.name = name
        self.summary = summary
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.pin = pin
        self.hugepageKiB = hugepageKiB
        self.cells = cells
        self.requests = requests
    }
}

extension Profile {
    /// Pools that it asks for, sorted, each once.
    package var pools: [String] {
        Set(
            requests.compactMap { request in
                if case .pool(let name) = request.target { name } else { nil }
            }
        ).sorted()
    }

    /// Name, sizes and requests are such that a guest can be made of them. Throws `.malformedInput`.
    package func validate() throws(Problem) {
        guard Pool.isWellFormed(name) else {
            throw Problem(.malformedInput, "\"\(name)\" is not a valid profile name.", next: [Pool.nameRule])
        }
        try check(vcpus, "vcpus", in: 1...1024)
        try check(memoryMiB, "memoryMiB", in: 16...67_108_864)
        try check(cells, "cells", in: 1...64)
        var names: Set<String> = []
        for request in requests where !names.insert(request.name).inserted {
            throw Problem(
                .malformedInput, "Profile \(name) has two requests named \"\(request.name)\".",
                next: ["Give every request of a profile its own name, or omit the names."])
        }
    }

    private func check(_ value: Int?, _ field: String, in range: ClosedRange<Int>) throws(Problem) {
        guard let value, !range.contains(value) else { return }
        throw Problem(
            .malformedInput, "\"\(field)\" is \(value), which is out of range.",
            next: ["Use \(range.lowerBound) to \(range.upperBound)."])
    }
}
