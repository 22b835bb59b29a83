import PatchbayCore

extension HelpTopic {
    static let selectors = HelpTopic(
        name: "selectors",
        text: """
            SELECTORS

              A selector is a list of conditions that must all hold, separated by spaces. The rules of pools use the
              same language. Quote values that hold spaces:  name*="A100 80GB"

              patchbay device list --where 'state=free vendor=10de numa=0'
              patchbay pool create gpus --rule 'name=a100s host=atlas vendor=10de device=20b5'

            Comparisons
              =   equal              ^=  begins with        <   less
              !=  not equal          $=  ends with          <=  less or equal
              ~   regular expression *=  contains           >   greater
                                     *~  contains, any case >=  greater or equal

            Fields of devices
              \(DeviceField.all(of: .pci).map(\.rawValue).wrapped(to: 76))
              state, pool, vm, alone, verdict and use are for lists; a rule cannot ask for them.

            Fields of USB devices
              \(DeviceField.all(of: .usb).map(\.rawValue).wrapped(to: 76))

            As OpenNebula writes them
              pci=10de:*:0302,8086     vendor:device:class, * or nothing for any; one of the list has to match
              short=41:00.0,42:00.0    addresses in any domain

            In rules
              name=TEXT and host=HOST speak of the rule itself: how it is called and where it holds. A rule without host=
              holds on every host. To ask for a device's name, compare it otherwise:  name*=A100

            In other lists
              Every column is a field:  patchbay vm list --where 'state=running host=atlas'

            """)

    static let policy = HelpTopic(
        name: "policy",
        text: """
            POLICY

              patchbay diff -f FILE|FOLDER|-    what would change
              patchbay apply -f FILE|FOLDER|-   change it: all of it or nothing
              patchbay export                   what there is now, in the same form

            A file
              pool: gpus
              description: A100 cards
              class: gpu                        \(PoolClass.allCases.map(\.rawValue).joined(separator: ", "))
              prepare: on-demand                or eager
              rules:
                - name: a100
                  where: id=10de:20b5 numa=0    see:  patchbay help selectors
                  host: atlas                   left out: every host
                  enabled: true
                  tags: {physical_network: lan}
              expect:
                - matches 4 on atlas            nothing is changed where this does not hold
                - matches at least 2            at most 8, none
                - includes atlas/41:00.0        excludes
              ---
              profile: trainer
              vcpus: 16
              memoryMiB: 65536
              pin: core                         \(PinPolicy.allCases.map(\.rawValue).joined(separator: ", "))
              hugepages: 1G
              cells: 1
              requests:
                - pool: gpus                    or  device: HOST/ADDRESS
                  count: 2
                  optional: false
                  numa: required                \(NUMAPolicy.allCases.map(\.rawValue).joined(separator: ", "))
                  topology: same-switch         \(TopologyPolicy.allCases.map(\.rawValue).joined(separator: ", "))
                  group: isolate                \(GroupPolicy.allCases.map(\.rawValue).joined(separator: ", "))
                  tags: {physical_network: lan}

              A document says the whole of a pool or a profile. What no document names stays, unless --prune is said.
              A VM from a profile:  patchbay vm create trainer-01 --profile trainer --disk PATH

            """)

    static let output = HelpTopic(
        name: "output",
        text: """
            OUTPUT

              -o table   aligned columns (the default)
              -o wide    more columns; -v does the same
              -o tree    devices under their IOMMU groups
              -o name    names only; -q does the same
              -o json    the API's own fields; --json does the same. Lists are arrays
              -o yaml    the same fields

              -c a,b     these columns, in this order       --sort COLUMN   -COLUMN turns the order

              Data goes to standard output, everything said about it to standard error. Output that is no terminal
              has no colour, no signs in front of the lines, and nothing is shortened. Times are in words in tables
              and exact (milliseconds since 1970) in JSON.

            States
            \(DeviceState.allCases.map { "  \($0.glyph) \($0.asciiGlyph)  \($0.rawValue)" }.joined(separator: "\n"))

            """)

    static let exitCodes = HelpTopic(
        name: "exit-codes",
        text: "EXIT CODES\n\n"
            + ExitStatus.allCases.map { "  \(String($0.rawValue).padded(onLeftTo: 3))  \($0.words)\n" }.joined())

    static let environment = HelpTopic(
        name: "environment",
        text: """
            ENVIRONMENT

              PATCHBAY_SERVER   http://HOST:PORT, https://HOST or unix:/PATH of the socket.
                                Default: unix:/run/patchbay/patchbay.sock. --server wins over it.
              PATCHBAY_TOKEN    the token for a server over TCP; a socket knows who is calling.
              NO_COLOR          when set and not empty: no colour.
              COLUMNS           the width, where the terminal does not tell it.
              LC_ALL, LC_CTYPE, LANG
                                whether the terminal shows UTF-8; if not, signs and arrows are ASCII.

            """)
}

extension [String] {
    /// Words on lines of at most `width` columns, continued with the indent of the pages.
    fileprivate func wrapped(to width: Int) -> String {
        var lines: [String] = []
        for word in self {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(word)
            }
        }
        return lines.joined(separator: "\n  ")
    }
}
