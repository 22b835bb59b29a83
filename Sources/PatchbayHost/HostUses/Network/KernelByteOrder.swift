/// In which order a kernel wrote the bytes of the words that `proc/net/route` and `proc/net/tcp` show as numbers: that of
/// its processor, which a recording may not share with the machine that reads it.
enum KernelByteOrder {
    case little
    case big

    /// Of the machine this runs on; in a recorded tree what its routes show, and else what its processor is known for.
    init(of tree: HostTree) {
        if tree.isLive {
            self = UInt16(1).littleEndian == 1 ? .little : .big
            return
        }
        self = tree.first(of: SysfsPath.routes).flatMap { Self.shown(byRoutes: $0) } ?? Self.ofProcessor(tree)
    }

    /// The address that a number of `proc/net` stands for.
    func bytes(of word: UInt32) -> [UInt8] {
        let little = (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        return self == .little ? little : little.reversed()
    }

    /// The ones of a mask are its first bits on the wire, so that most masks can be read in one order only. nil: all are
    /// the same in both.
    static func shown(byRoutes text: String) -> KernelByteOrder? {
        for line in text.split(separator: "\n").dropFirst() {
            let fields = line.split { $0 == "\t" || $0 == " " }
            guard fields.count > 7, let mask = UInt32(fields[7], radix: 16), mask != mask.byteSwapped else { continue }
            if isMask(mask) { return .big }
            if isMask(mask.byteSwapped) { return .little }
        }
        return nil
    }

    private static func isMask(_ word: UInt32) -> Bool { word.leadingZeroBitCount == 0 && (~word & (~word &+ 1)) == 0 }

    /// s390x, and the kernels for 64-bit POWER, SPARC and MIPS that are not little-endian, as their releases end.
    private static func ofProcessor(_ tree: HostTree) -> KernelByteOrder {
        if tree.text(SysfsPath.cpus)?.contains("IBM/S390") == true { return .big }
        let release = tree.line(SysfsPath.kernelRelease) ?? ""
        return ["s390x", "ppc64", "sparc64", "mips64"].contains { release.hasSuffix($0) } ? .big : .little
    }
}
