/// A mounted file system, from `mountinfo` or, in older recordings, from `mounts`.
struct Mount: Hashable {
    var target: String
    var source: String
    var fileSystem: String
    /// `major:minor`; nil: not told, or anonymous (major 0).
    var number: String?
    /// Options of the file system itself.
    var options: [String]

    /// What has to be known to find the devices behind it.
    enum Kind: Equatable {
        case block
        /// Directories of other mounts, stacked.
        case overlay(layers: [String])
        /// A channel of a virtio device, by its tag.
        case share(tag: String)
        /// A server; nil: its address is not told.
        case network(IPAddress?)
        /// A dataset of a ZFS pool.
        case pool(String)
        /// Memory or the kernel itself.
        case pseudo
    }

    var kind: Kind {
        switch fileSystem {
        // Deeper ones are of containers: what those stand on is mounted itself.
        case "overlay": isTopLevel ? .overlay(layers: layers) : .pseudo
        case "9p" where option("trans") == "tcp": .network(server)
        case "9p", "virtiofs": .share(tag: source)
        case "nfs", "nfs4", "cifs", "smb3", "ceph", "lustre", "beegfs", "afs", "fuse.glusterfs", "fuse.sshfs":
            .network(server)
        case "zfs": .pool(String(source.prefix { $0 != "/" && $0 != "@" }))
        // Read-only images of files, without a loop device between.
        case "erofs" where number == nil && source.hasPrefix("/") && !isOnDevice: .overlay(layers: [source])
        default: isOnDevice ? .block : .pseudo
        }
    }

    private var isTopLevel: Bool { !target.dropFirst().contains("/") }

    private var isOnDevice: Bool {
        number != nil || source.hasPrefix(SysfsPath.deviceNodes) && source != "\(SysfsPath.deviceNodes)fuse"
    }

    private func option(_ name: String) -> String? {
        options.first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// `lowerdir=/a:/b`, with `::` before those that only hold data, or since Linux 6.7 one by one: `lowerdir+=/a`,
    /// `datadir+=/b` (`Documentation/filesystems/overlayfs.rst`).
    private var layers: [String] {
        let lower = option("lowerdir").map { $0.split(separator: ":").map(String.init) } ?? []
        let single = ["lowerdir+=", "datadir+="].flatMap { key in
            options.filter { $0.hasPrefix(key) }.map { String($0.dropFirst(key.count)) }
        }
        return (option("upperdir").map { [$0] } ?? []) + lower + single
    }

    /// Devices beside the one that is mounted: journals and the data of real-time files (ext4(5), xfs(5)).
    var otherDevices: [String] { ["logdev", "rtdev", "journal_path"].compactMap { option($0) } }

    /// The mount helpers of NFS, CIFS and Ceph write the address into the options; the others name the server in the
    /// source: `host:/export`, `//host/share`, `user@host:/path`, `10.0.0.1@o2ib:/scratch`, `10.0.0.1:6789,10.0.0.2:/`.
    private var server: IPAddress? {
        if let told = option("addr") ?? option("mon_addr"), let address = Self.leadingAddress(told) { return address }
        let bare = source.hasPrefix("//") ? source.dropFirst(2) : source[...]
        let host = Self.leadingAddress(String(bare))
        return host ?? bare.split(separator: "@").dropFirst().first.flatMap { Self.leadingAddress(String($0)) }
    }

    /// The address that a text begins with, before a port, a path or another address.
    private static func leadingAddress(_ text: String) -> IPAddress? {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") { return IPAddress(text[...end]) }
        if let whole = IPAddress(text) { return whole }
        return IPAddress(text.prefix { $0 != ":" && $0 != "/" && $0 != "," && $0 != "@" })
    }

    /// Losing it stops the host, or what it is for.
    static func isVital(_ target: String) -> Bool {
        if target == "/" { return true }
        return ["/boot", "/efi", "/usr", "/var", "/home", "/etc", "/nix", "/sysroot", "/run/initramfs"].contains {
            target == $0 || target.hasPrefix("\($0)/")
        }
    }
}

extension Mount {
    /// All mounts that a tree tells of, as process 1 sees them where that can be read.
    ///
    /// nil: none of the files is there. A host always has mounts: an empty file tells nothing either.
    static func all(in tree: HostTree) -> [Mount]? {
        for path in SysfsPath.mountInfo {
            if let text = tree.text(path), !text.isEmpty {
                return text.split(separator: "\n").compactMap { Mount(mountInfoLine: $0) }
            }
        }
        for path in SysfsPath.mounts {
            if let text = tree.text(path), !text.isEmpty {
                return text.split(separator: "\n").compactMap { Mount(mountsLine: $0) }
            }
        }
        return nil
    }

    /// `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`, proc_pid_mountinfo(5).
    init?(mountInfoLine line: Substring) {
        let fields = line.split(separator: " ").map(String.init)
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 2 else { return nil }
        target = Self.unescaped(fields[4])
        fileSystem = fields[dash + 1]
        source = Self.unescaped(fields[dash + 2])
        number = fields[2].hasPrefix("0:") ? nil : fields[2]
        options = fields.count > dash + 3 ? fields[dash + 3].split(separator: ",").map { Self.unescaped($0) } : []
    }

    /// `/dev/sda1 / ext3 rw,noatime 0 0`
    init?(mountsLine line: Substring) {
        let fields = line.split(separator: " ").map(String.init)
        guard fields.count >= 4 else { return nil }
        source = Self.unescaped(fields[0])
        target = Self.unescaped(fields[1])
        fileSystem = fields[2]
        number = nil
        options = fields[3].split(separator: ",").map { Self.unescaped($0) }
    }

    /// The kernel writes blanks and backslashes as `\040`.
    static func unescaped(_ text: some StringProtocol) -> String {
        guard text.contains("\\") else { return String(text) }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var at = 0
        while at < bytes.count {
            let digits = bytes[at...].prefix(4).dropFirst()
            if bytes[at] == 0x5c, digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }) {
                result.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }))
                at += 4
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
