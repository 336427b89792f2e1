//! Interners under lasso's traits, and as sequences of strings.

use pennyweight::define_symbol;
use pennyweight::intern::{Interner, Symbol};

define_symbol!(Name: u16);

#[cfg(feature = "lasso")]
mod lasso_traits {
    use super::*;
    use ::lasso::{
        Interner as _, IntoReader, IntoReaderAndResolver, IntoResolver, LassoErrorKind, Reader,
        Resolver, Rodeo, Spur,
    };
    #[cfg(feature = "std")]
    use pennyweight::intern::SharedInterner;
    use pennyweight::intern::{Frozen, FrozenStrings, Limits};

    /// What is written against lasso alone.
    fn tokens<K: ::lasso::Key, I: ::lasso::Interner<K>>(text: &str, names: &mut I) -> Vec<K> {
        text.split(' ').map(|token| names.get_or_intern(token)).collect()
    }

    fn read<K: ::lasso::Key>(names: &impl Reader<K>, token: &str) -> usize {
        assert!(names.contains(token));
        let key = names.get(token).unwrap();
        assert_eq!(names.resolve(&key), token);
        assert!(names.contains_key(&key));
        key.into_usize()
    }

    type NameInterner = Interner<Name>;

    const TEXT: &str = "to be or not to be that is the question";

    #[test]
    fn code_for_lasso_runs_on_an_interner() {
        let (mut rodeo, mut names) = (Rodeo::<Spur>::default(), Interner::<Spur>::default());
        assert_eq!(tokens(TEXT, &mut rodeo), tokens(TEXT, &mut names));
        assert_eq!(tokens(TEXT, &mut Interner::new()).len(), 10);
        assert_eq!(tokens(TEXT, &mut NameInterner::default()).len(), 10);
        assert_eq!(tokens(TEXT, &mut Rodeo::<Name>::new()).len(), 10);
        let reader: Frozen<Spur> = names.into_reader();
        assert_eq!((read(&reader, "to"), read(&reader, "question"), reader.len()), (0, 7, 8));
        let resolver: FrozenStrings<Spur> = reader.into_resolver();
        let distinct = ["to", "be", "or", "not", "that", "is", "the", "question"];
        assert!(resolver.iter().map(|(_, token)| token).eq(distinct));
    }

    #[test]
    #[cfg(feature = "std")]
    fn code_for_a_threaded_rodeo_runs_on_a_shared_interner() {
        let names = SharedInterner::new();
        let keys = std::thread::scope(|scope| {
            let threads = [0, 1].map(|_| scope.spawn(|| tokens(TEXT, &mut &names)));
            threads.map(|thread| thread.join().unwrap())
        });
        assert_eq!(keys[0], keys[1]);
        assert!(keys[0].iter().map(|key| Resolver::resolve(&names, key)).eq(TEXT.split(' ')));
        assert_eq!(Reader::get(&names, "be"), Some(keys[0][1]));
    }

    #[test]
    fn an_interner_is_an_object() {
        let mut names: Box<dyn ::lasso::Interner<Symbol>> = Box::new(Interner::<Symbol>::default());
        let key = names.get_or_intern_static("x");
        assert_eq!((names.resolve(&key), names.len()), ("x", 1));
        let names: Box<Interner<Symbol>> = Box::default();
        assert_eq!(Resolver::<Symbol>::len(&names.into_resolver_boxed()), 0);
        fn both<K: ::lasso::Key>(_: impl IntoReaderAndResolver<K>) {}
        both(Interner::<Symbol>::default());
    }

    #[test]
    fn what_lasso_interned_keeps_its_keys() {
        let mut rodeo = Rodeo::<Spur>::new();
        let keys = tokens(TEXT, &mut rodeo);
        let names: Interner<Spur> = Interner::from(rodeo);
        assert!(keys.iter().map(|&key| names.resolve(key)).eq(TEXT.split(' ')));
        names.check_invariants();

        let rodeo: Rodeo<Name> = TEXT.split(' ').collect();
        let reader: Interner<Name> = rodeo.into_reader().into();
        let rodeo: Rodeo<Name> = TEXT.split(' ').collect();
        let resolver: Interner<Name> = rodeo.into_resolver().into();
        assert_eq!((reader.len(), &reader), (8, &resolver));
    }

    #[test]
    fn errors_are_those_of_lasso() {
        define_symbol!(Few: u8);
        let mut names = Interner::<Few>::default();
        names.extend((0..255).map(|number| number.to_string()));
        let error = names.try_get_or_intern("one more").unwrap_err();
        assert_eq!(error.kind(), LassoErrorKind::KeySpaceExhaustion);

        let mut names = Interner::with_limits(Limits { bytes: 1000, ..Limits::NONE });
        let error = (0..).find_map(|number| names.try_get_or_intern(&number.to_string()).err());
        assert_eq!(error.unwrap().kind(), LassoErrorKind::MemoryLimitReached);
    }
}

#[cfg(feature = "serde")]
mod as_strings {
    use super::*;

    #[test]
    fn an_interner_is_a_sequence_of_strings() {
        let names: Interner<Name> = ["", "x", "a \"quoted\" one", "ü"].into_iter().collect();
        let json = serde_json::to_string(&names).unwrap();
        assert_eq!(json, r#"["","x","a \"quoted\" one","ü"]"#);
        let read: Interner<Name> = serde_json::from_str(&json).unwrap();
        assert_eq!(read, names);
        read.check_invariants();
        let bytes = postcard::to_allocvec(&names).unwrap();
        assert_eq!(postcard::from_bytes::<Interner<Name>>(&bytes).unwrap(), names);
    }

    #[test]
    fn byte_strings_are_bytes() {
        let mut packets: Interner<Symbol, [u8]> = Interner::default();
        packets.extend([&[0xff_u8, 0][..], &[], b"x"]);
        let bytes = postcard::to_allocvec(&packets).unwrap();
        assert_eq!(bytes, [3, 2, 0xff, 0, 0, 1, b'x']);
        assert_eq!(postcard::from_bytes::<Interner<Symbol, [u8]>>(&bytes).unwrap(), packets);
        let json = serde_json::to_string(&packets).unwrap();
        assert_eq!(json, "[[255,0],[],[120]]");
        assert_eq!(serde_json::from_str::<Interner<Symbol, [u8]>>(&json).unwrap(), packets);
    }

    #[test]
    fn what_is_no_interner_is_refused() {
        let read = |json| serde_json::from_str::<Interner>(json).map_err(|error| error.to_string());
        let error = read(r#"["a","b","a"]"#).unwrap_err();
        assert!(error.starts_with("the strings 0 and 2 are the same"), "{error}");
        for json in ["7", r#"["a",7]"#, r#"["a""#] {
            assert!(read(json).is_err());
        }
        let many: Vec<_> = (0..256).map(|number| number.to_string()).collect();
        define_symbol!(Few: u8);
        let json = serde_json::to_string(&many).unwrap();
        let error = serde_json::from_str::<Interner<Few>>(&json).unwrap_err().to_string();
        assert!(
            error.starts_with("cannot intern a new string: all 255 symbols are in use"),
            "{error}"
        );
        // A length that is not there reserves nothing.
        assert!(postcard::from_bytes::<Interner>(&[0xff, 0xff, 0xff, 0xff, 0x0f]).is_err());
    }
}
