//! Invented names of people: frequent surnames with given names put together at random, and the spelling in
//! Latin letters that logins are made of.

use std::collections::{BTreeMap, BTreeSet};

use crate::dice::Dice;

/// Characters with their spelling; the two lists run side by side.
const SURNAMES: &str = "张王李刘陈杨黄吴林郑周徐孙朱高何郭马罗梁宋谢韩唐冯于董程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊陆郝孔白崔康邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚";
const SURNAME_SPELLINGS: &str = "zhang wang li liu chen yang huang wu lin zheng zhou xu sun zhu gao he guo ma luo liang song xie han tang feng yu dong cheng cao yuan deng xu fu shen zeng peng lyu su lu jiang cai jia ding wei xue ye yu pan du dai xia zhong wang tian ren jiang fan fang shi yao tan liao zou xiong lu hao kong bai cui kang qiu qin jiang shi gu hou shao meng long wan duan lei qian tang yin li yi chang wu qiao he lai gong";
const GIVEN: &str = "伟芳娜敏静强磊军洋勇艳杰涛明超霞平刚桂文辉玲丹萍鹏华红玉兰建志海晓春宁思雨佳嘉浩宇晨瑞俊琳颖慧凯东立毅航诚岚峰楠哲源澄韵舟溪恒朗川";
const GIVEN_SPELLINGS: &str = "wei fang na min jing qiang lei jun yang yong yan jie tao ming chao xia ping gang gui wen hui ling dan ping peng hua hong yu lan jian zhi hai xiao chun ning si yu jia jia hao yu chen rui jun lin ying hui kai dong li yi hang cheng lan feng nan zhe yuan cheng yun zhou xi heng lang chuan";

/// A character with its spelling.
type Syllable = (char, &'static str);

/// Makes names; those handed out by [`Names::unique`] never repeat.
#[derive(Debug)]
pub(crate) struct Names {
    surnames: Vec<Syllable>,
    given: Vec<Syllable>,
    used: BTreeSet<String>,
    logins: BTreeMap<String, u32>,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self {
            surnames: SURNAMES.chars().zip(SURNAME_SPELLINGS.split(' ')).collect(),
            given: GIVEN.chars().zip(GIVEN_SPELLINGS.split(' ')).collect(),
            used: BTreeSet::new(),
            logins: BTreeMap::new(),
        }
    }

    /// A name with its spelling; one in six has a single given character.
    fn draw(&self, dice: &mut Dice) -> (String, String) {
        let (surname, mut spelling) = {
            let (character, spelling) = dice.pick(&self.surnames);
            (character, spelling.to_owned())
        };
        let mut name = String::from(surname);
        let length = if dice.chance(16) { 1 } else { 2 };
        for _ in 0..length {
            let (character, sound) = dice.pick(&self.given);
            name.push(character);
            spelling.push_str(sound);
        }
        (name, spelling)
    }

    /// A name that may repeat.
    pub(crate) fn any(&self, dice: &mut Dice) -> String {
        self.draw(dice).0
    }

    /// A name not handed out before, with a login of its own.
    pub(crate) fn unique(&mut self, dice: &mut Dice) -> (String, String) {
        loop {
            let (name, spelling) = self.draw(dice);
            if self.used.insert(name.clone()) {
                let number = self.logins.entry(spelling.clone()).or_insert(0);
                *number += 1;
                return (name, format!("{spelling}{number:02}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_a_spelling() {
        assert_eq!(SURNAMES.chars().count(), SURNAME_SPELLINGS.split(' ').count());
        assert_eq!(GIVEN.chars().count(), GIVEN_SPELLINGS.split(' ').count());
    }
}
