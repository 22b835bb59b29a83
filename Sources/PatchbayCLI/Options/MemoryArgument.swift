import ArgumentParser

/// An amount of memory as people type it: `8192` and `8192M` are MiB, `8G` and `8GiB` are GiB.
struct MemoryArgument: ExpressibleByArgument, Hashable, Sendable {
    var mebibytes: Int

    init?(argument: String) {
        let digits = argument.prefix { ("0"..."9").contains($0) }
        guard let number = Int(digits), number <= 1_000_000_000 else { return nil }
        switch argument.dropFirst(digits.count).lowercased() {
        case "", "m", "mib": mebibytes = number
        case "g", "gib": mebibytes = number * 1024
        case "t", "tib": mebibytes = number * 1024 * 1024
        default: return nil
        }
    }
}
